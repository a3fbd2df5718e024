import Glibc

/// Whether the long tests run too (`make test-slow`).
public enum Slow {
    public static let enabled = getenv("CUTROOM_TEST_SLOW").map { String(cString: $0) == "1" } ?? false
}

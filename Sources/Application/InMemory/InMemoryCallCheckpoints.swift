import Synchronization

/// Call checkpoints that live as long as the process: for tests and embedders whose providers are free.
public final class InMemoryCallCheckpoints: CallCheckpoints {
    private let values = Mutex<[String: String]>([:])

    /// No checkpoints yet.
    public init() {}

    /// What was put under that key last.
    public func value(for key: String) async throws -> String? {
        values.withLock { $0[key] }
    }

    /// Keeps a value.
    public func put(_ value: String, for key: String) async throws {
        values.withLock { $0[key] = value }
    }

    /// Forgets what is under that key.
    public func remove(_ key: String) async throws {
        _ = values.withLock { $0.removeValue(forKey: key) }
    }
}

import Application
import Domain
import FoundationEssentials
import Glibc
import Infrastructure
import Testing

@Suite("Threads for what blocks") struct OwnThreadTests {
    @Test("where no thread is to be had, the work fails and the process lives")
    func noThread() async throws {
        await #expect(processExitsWith: .success) {
            let folder = "/tmp/cutroom-test-\(getpid())"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let identifiers = IdentifierMaker(clock: SystemClock(), random: SystemRandomSource())
            let store = try FileMediaStore(folder: folder, identifiers: identifiers)
            writeFile([1, 2, 3], to: folder + "/file")
            // The stack of a new thread takes 8 MiB of addresses.
            let pages = String(decoding: readFile("/proc/self/statm") ?? [], as: UTF8.self)
                .split(separator: " ").first.flatMap { UInt($0) }
            let used = try #require(pages) * UInt(getpagesize())
            var limit = rlimit(rlim_cur: used + (4 << 20), rlim_max: rlim_t.max)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
            await #expect(throws: PortError.self) { try await store.copy(path: folder + "/file") }
        }
    }
}

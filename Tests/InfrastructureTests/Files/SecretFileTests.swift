import Application
import FoundationEssentials
import Glibc
import Infrastructure
import Synchronization
import Testing

@Suite("The file of the secret key")
struct SecretFileTests {
    private let identifiers = IdentifierMaker(clock: SystemClock(), random: SystemRandomSource())
    private let secret = Array("a secret\n".utf8)

    private func file(_ folder: String) -> SecretFile {
        SecretFile(path: folder + "/secret.key", identifiers: identifiers)
    }

    private func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private func mode(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    private func contents(_ file: SecretFile, orMaking make: () -> [UInt8]) throws -> [UInt8] {
        try file.withContents(orMaking: make) { Array($0) }
    }

    @Test("it is made once, for its owner alone, and nothing else is left in the folder")
    func made() async throws {
        try await withTemporaryFolder { folder in
            let made = try contents(file(folder)) { secret }
            #expect(made == secret)
            #expect(mode(of: folder + "/secret.key") == 0o600)
            #expect(names(in: folder) == ["secret.key"])
            #expect(readFile(folder + "/secret.key") == secret)
            let again = try contents(file(folder)) { [0] }
            #expect(again == secret)
        }
    }

    @Test("of many that make it at once, each gets what the same one has made")
    func race() async throws {
        try await withTemporaryFolder { folder in
            let attempts = 16
            let start = StartingLine(of: attempts)
            // Each has a thread of its own, so that all can be at the same place at once.
            let threads = BoundedThreads(most: attempts, longestLine: 0)
            let found = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for number in 0..<attempts {
                    group.addTask {
                        try await threads.run {
                            start.wait()
                            return Result { try self.contents(self.file(folder)) { [UInt8(number)] } }
                        }.get()
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(found.count == 1)
            #expect(names(in: folder) == ["secret.key"])
        }
    }

    @Test("of several processes that make it at once, each gets what the same one has made")
    func processes() async throws {
        try await withTemporaryFolder { folder in
            await withTaskGroup { group in
                for number in 0..<4 {
                    group.addTask {
                        await #expect(processExitsWith: .success) {
                            [folder = folder as String, number = number as Int] in
                            let identifiers = IdentifierMaker(
                                clock: SystemClock(), random: SystemRandomSource())
                            let file = SecretFile(path: folder + "/secret.key", identifiers: identifiers)
                            let found = try file.withContents(orMaking: KeyRing.make) { Array($0) }
                            writeFile(found, to: "\(folder)/found-\(number)")
                        }
                    }
                }
            }
            let found = (0..<4).map { readFile("\(folder)/found-\($0)") }
            #expect(found[0] != nil && Set(found) == [readFile(folder + "/secret.key")])
        }
    }

    @Test("who finds that another process was quicker takes what that one has made")
    func late() async throws {
        try await withTemporaryFolder { folder in
            writeFile(secret, to: folder + "/taken")
            chmod(folder + "/taken", 0o600)
            let file = file(folder)
            let found = try contents(file) {
                precondition(link(folder + "/taken", folder + "/secret.key") == 0)
                return [1, 2, 3]
            }
            #expect(found == secret)
        }
    }

    @Test("a file that others may read or change is refused", arguments: [0o640, 0o604, 0o620, 0o601, 0o777])
    func permissions(mode: Int) async throws {
        try await withTemporaryFolder { folder in
            writeFile(secret, to: folder + "/secret.key")
            chmod(folder + "/secret.key", mode_t(mode))
            let error = try #require(throws: PortError.self) { try contents(file(folder)) { [] } }
            #expect("\(error)".contains("chmod 600"))
            chmod(folder + "/secret.key", 0o400)
            #expect(try contents(file(folder)) { [] } == secret)
        }
    }

    @Test("what cannot be a secret is refused and left as it is")
    func unsuitable() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/secret.key"
            for bytes in [[], [UInt8](repeating: 1, count: 5000)] {
                writeFile(bytes, to: path)
                chmod(path, 0o600)
                #expect(throws: PortError.self) { try contents(file(folder)) { secret } }
                #expect(readFile(path) == bytes)
            }
            unlink(path)
            mkdir(path, 0o700)
            #expect(throws: PortError.self) { try contents(file(folder)) { secret } }
        }
    }

    @Test("where it cannot be made, it is said why")
    func noFolder() throws {
        #expect(throws: PortError.self) { try contents(file("/nonexistent")) { secret } }
    }
}

/// Lets threads go on when all of them have come.
private final class StartingLine: Sendable {
    private let missing: Atomic<Int>

    init(of count: Int) {
        missing = Atomic(count)
    }

    func wait() {
        missing.subtract(1, ordering: .relaxed)
        while missing.load(ordering: .relaxed) > 0 { sched_yield() }
    }
}

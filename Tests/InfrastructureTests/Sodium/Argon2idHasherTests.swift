import Application
import Domain
import Glibc
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Hashes of passwords")
struct Argon2idHasherTests {
    /// As little work as there can be.
    private static let quick = Argon2idHasher.Parameters(memory: 8 << 10, passes: 1)
    private let password = Password(typing: "correct horse battery staple")!

    @Test("a password has its own hash, and no other has it")
    func verifies() async throws {
        let hasher = Argon2idHasher(Self.quick)
        let hash = try await hasher.hash(password)
        #expect(hash.text.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
        #expect(try await hasher.verify(password, against: hash))
        for other in [
            "correct horse battery stapl", "correct horse battery staple ", "Correct horse battery staple",
        ] {
            #expect(try await !hasher.verify(Password(typing: other)!, against: hash))
        }
    }

    @Test("by default a hash is made as OWASP recommends: 19 MiB, twice")
    func recommended() async throws {
        let hash = try await Argon2idHasher().hash(password)
        #expect(hash.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    }

    @Test("every hash has a salt of its own")
    func salt() async throws {
        let hasher = Argon2idHasher(Self.quick)
        #expect(try await hasher.hash(password) != hasher.hash(password))
    }

    @Test("all of a password counts: zeros in it, and letters of any script")
    func wholePassword() async throws {
        let hasher = Argon2idHasher(Self.quick)
        let hash = try await hasher.hash(Password(typing: "passw\0rd one")!)
        #expect(try await !hasher.verify(Password(typing: "passw\0rd two")!, against: hash))
        let long = Password(typing: String(repeating: "🔑", count: 256))!
        #expect(try await hasher.verify(long, against: hasher.hash(long)))
        let shorter = Password(typing: String(repeating: "🔑", count: 255))!
        #expect(try await !hasher.verify(shorter, against: hasher.hash(long)))
    }

    @Test("a known hash of the reference program is read")
    func reference() async throws {
        // echo -n "password" | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32 -e
        let hash = PasswordHash(
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
        let hasher = Argon2idHasher(Self.quick)
        #expect(try await hasher.verify(Password(typing: "password")!, against: hash))
        #expect(hasher.isOutdated(hash))
    }

    @Test("a hash grows old when the parameters change, and what is no hash is old")
    func outdated() async throws {
        let hasher = Argon2idHasher(Self.quick)
        let hash = try await hasher.hash(password)
        #expect(!hasher.isOutdated(hash))
        #expect(Argon2idHasher(.init(memory: 16 << 10, passes: 1)).isOutdated(hash))
        #expect(Argon2idHasher(.init(memory: 8 << 10, passes: 2)).isOutdated(hash))
        for other in [
            "", "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "$argon2id$", "plain",
        ] {
            #expect(hasher.isOutdated(PasswordHash(other)))
            #expect(try await !hasher.verify(password, against: PasswordHash(other)))
        }
    }

    @Test("without a hash the answer is no, after as much work as with one")
    func decoy() async throws {
        let hasher = Argon2idHasher(Self.quick)
        #expect(try await !hasher.verify(password, against: nil))
        // libsodium reads it as a hash that was made with the parameters of today.
        #expect(!hasher.isOutdated(hasher.decoy))
        let hash = try await hasher.hash(password)
        #expect(hasher.decoy.text.utf8.count == hash.text.utf8.count)
        #expect(Argon2idHasher(Self.quick).decoy != hasher.decoy)
    }

    @Test("where there is no memory to hash a password, it is said so")
    func noMemory() async throws {
        await #expect(processExitsWith: .success) {
            let password = Password(typing: "correct horse battery staple")!
            let greedy = Argon2idHasher.Parameters(memory: 512 << 20, passes: 1)
            let pages = String(decoding: readFile("/proc/self/statm") ?? [], as: UTF8.self)
                .split(separator: " ").first.flatMap { UInt($0) }
            let used = try #require(pages) * UInt(getpagesize())
            // Enough for a thread.
            var limit = rlimit(rlim_cur: used + (256 << 20), rlim_max: rlim_t.max)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
            let hasher = Argon2idHasher(greedy)
            await #expect(throws: PortError.self) { try await hasher.hash(password) }
            #expect(try await !hasher.verify(password, against: hasher.decoy))
        }
    }

    @Test("hashing, comparing and comparing with nothing each take a turn, and nobody waits beyond the line")
    func turns() async throws {
        let threads = BoundedThreads(most: 1, longestLine: 1, retryAfter: .seconds(3))
        let hasher = Argon2idHasher(Self.quick, threads: threads)
        let hash = try await hasher.hash(password)
        let stop = Stop()
        async let running: Void = threads.run { stop.wait() }
        await stop.untilReached()
        async let waiting: Void = threads.run {}
        while threads.waiting == 0 { await Task.yield() }

        let refusal = PortError.unavailable("too much waits for its turn", retryAfter: .seconds(3))
        await #expect(throws: refusal) { try await hasher.hash(password) }
        await #expect(throws: refusal) { try await hasher.verify(password, against: hash) }
        await #expect(throws: refusal) { try await hasher.verify(password, against: nil) }
        stop.letGo()
        try await running
        try await waiting
        #expect(try await hasher.verify(password, against: hash))
    }
}

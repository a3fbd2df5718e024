import Application
import CSodium
package import Domain
import Glibc

/// Hashes passwords with Argon2id (RFC 9106), by libsodium, in its text form.
///
/// Each hash takes much memory and a core: as many are made at once as there are cores, and few wait.
package final class Argon2idHasher: PasswordHasher {
    /// How much work a hash is.
    package struct Parameters: Hashable, Sendable {
        /// The memory, in bytes: at least 8 KiB.
        package let memory: Int
        /// How often all of it is gone through: at least once.
        package let passes: Int

        /// The least that OWASP's Password Storage Cheat Sheet recommends: 19 MiB, twice.
        package static let recommended = Parameters(memory: 19 << 20, passes: 2)

        /// Parameters; traps where libsodium has no such hash.
        package init(memory: Int, passes: Int) {
            precondition(memory >= Int(crypto_pwhash_argon2id_MEMLIMIT_MIN), "too little memory")
            precondition(passes >= Int(crypto_pwhash_argon2id_OPSLIMIT_MIN), "too few passes")
            self.memory = memory
            self.passes = passes
        }
    }

    /// How many may wait while others are hashed: half a second of work for two cores, at 14 ms each.
    package static let longestLine = 64

    /// What a password is held against where there is no hash: as much work as with one.
    package let decoy: PasswordHash
    private let parameters: Parameters
    private let threads: BoundedThreads

    /// A hasher.
    ///
    /// - Parameters:
    ///   - parameters: How much work a hash is.
    ///   - threads: Where the work is done; by default on as many threads as there are cores, at most 8.
    package init(_ parameters: Parameters = .recommended, threads: BoundedThreads? = nil) {
        Sodium.prepare()
        self.parameters = parameters
        self.threads = threads ?? BoundedThreads(most: Self.cores(), longestLine: Self.longestLine)
        decoy = Self.decoy(of: parameters)
    }

    package func hash(_ password: Password) async throws -> PasswordHash {
        let parameters = parameters
        let hash = try await threads.run { Self.hash(password, parameters) }
        return try hash.get()
    }

    package func verify(_ password: Password, against hash: PasswordHash?) async throws -> Bool {
        let expected = hash ?? decoy
        let isSame = try await threads.run { Self.verify(password, against: expected) }
        return isSame && hash != nil
    }

    package func isOutdated(_ hash: PasswordHash) -> Bool {
        // 0 says that it need not be made anew; what is no hash of this kind is -1.
        crypto_pwhash_str_needs_rehash(hash.text, UInt64(parameters.passes), parameters.memory) != 0
    }

    private static func hash(
        _ password: Password, _ parameters: Parameters
    ) -> Result<PasswordHash, PortError> {
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let status = withCharacters(of: password) { characters, count in
            crypto_pwhash_str_alg(
                &text, characters, count, UInt64(parameters.passes), parameters.memory,
                crypto_pwhash_ALG_ARGON2ID13)
        }
        guard status == 0 else {
            return .failure(.unavailable("there is no memory to hash a password", retryAfter: .seconds(1)))
        }
        let length = text.firstIndex(of: 0) ?? text.count
        return .success(
            PasswordHash(String(decoding: text[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)))
    }

    /// Without memory to look the answer is no: libsodium does not tell that from another password, not even by
    /// `errno`.
    private static func verify(_ password: Password, against hash: PasswordHash) -> Bool {
        withCharacters(of: password) { crypto_pwhash_str_verify(hash.text, $0, $1) == 0 }
    }

    /// Lends the characters of a password without a copy that would have to be wiped.
    private static func withCharacters<Value>(
        of password: Password, _ body: (UnsafePointer<CChar>, UInt64) -> Value
    ) -> Value {
        password.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { preconditionFailure("a password without characters") }
            return body(start.assumingMemoryBound(to: CChar.self), UInt64(bytes.count))
        }
    }

    /// A text that looks like a hash, of a salt and a result by chance.
    private static func decoy(of parameters: Parameters) -> PasswordHash {
        let salt = Base64.standard.text(of: Sodium.randomBytes(Int(crypto_pwhash_SALTBYTES)))
        let result = Base64.standard.text(of: Sodium.randomBytes(resultLength))
        let cost = "m=\(parameters.memory / 1024),t=\(parameters.passes),p=1"
        return PasswordHash("$argon2id$v=19$\(cost)$\(salt)$\(result)")
    }

    /// How many bytes libsodium lets Argon2id make.
    private static let resultLength = 32

    /// How many cores the machine has; no more than are worth the memory that each hash takes.
    private static func cores() -> Int {
        min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), mostThreads)
    }

    /// How many are hashed at once at most, so that a large machine does not fill its memory with them.
    private static let mostThreads = 8
}

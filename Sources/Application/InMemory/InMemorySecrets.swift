public import Domain
import Synchronization

/// Hashes passwords at once and without protection, and counts how often it was asked.
///
/// A hash says with which parameters it was made, so that tests can let one grow old.
public final class InMemoryPasswordHasher: PasswordHasher {
    /// How often each thing was asked for.
    public struct Calls: Hashable, Sendable {
        /// Hashes made.
        public internal(set) var hashes = 0
        /// Passwords held against a hash.
        public internal(set) var comparisons = 0
        /// Passwords for which there was no hash to hold them against.
        public internal(set) var comparisonsWithoutHash = 0
    }
    private struct State {
        var calls = Calls()
        var parameters = 1
        var isBusy = false
    }
    private let state = Mutex(State())

    /// A hasher that nobody has asked yet.
    public init() {}

    /// How often it was asked so far.
    public var calls: Calls { state.withLock { $0.calls } }

    /// Lets every hash that was made before count as made with other parameters.
    public func changeParameters() {
        state.withLock { $0.parameters += 1 }
    }

    /// From now on answers as if too many waited already, or no longer so.
    public func setBusy(_ isBusy: Bool) {
        state.withLock { $0.isBusy = isBusy }
    }

    /// The hash of a password.
    public func hash(_ password: Password) async throws -> PasswordHash {
        let parameters = try count { $0.hashes += 1 }
        return PasswordHash(Self.text(password, parameters))
    }

    /// Whether a password has that hash.
    public func verify(_ password: Password, against hash: PasswordHash?) async throws -> Bool {
        _ = try count { calls in
            if hash == nil { calls.comparisonsWithoutHash += 1 } else { calls.comparisons += 1 }
        }
        guard let hash, let parameters = Self.parameters(of: hash) else { return false }
        return hash.text == Self.text(password, parameters)
    }

    /// Whether a hash was made before ``changeParameters()``.
    public func isOutdated(_ hash: PasswordHash) -> Bool {
        Self.parameters(of: hash) != state.withLock { $0.parameters }
    }

    /// Counts a call and returns the parameters of today.
    private func count(_ note: (inout Calls) -> Void) throws -> Int {
        try state.withLock { state in
            if state.isBusy {
                throw PortError.unavailable("too many passwords wait", retryAfter: .seconds(1))
            }
            note(&state.calls)
            return state.parameters
        }
    }

    private static func text(_ password: Password, _ parameters: Int) -> String {
        "\(parameters)$" + String(digest(of: password.bytes), radix: 16)
    }

    private static func parameters(of hash: PasswordHash) -> Int? {
        hash.text.split(separator: "$").first.flatMap { Int($0) }
    }
}

/// Makes tokens of a random source: the same for the same seed.
public struct SeededSecretSource: SecretSource {
    private let random: any RandomSource

    /// A source of tokens.
    public init(random: any RandomSource) {
        self.random = random
    }

    /// The next token.
    public func token(for purpose: SecretToken.Purpose) -> SecretToken {
        let bytes = (0..<SecretToken.byteCount / 8).flatMap { _ in eightBytes(of: random.next()) }
        guard let token = SecretToken(for: purpose, bytes: bytes) else {
            preconditionFailure("a token of \(bytes.count) bytes")
        }
        return token
    }
}

/// Hashes tokens without a key.
public struct InMemoryTokenHasher: TokenHasher {
    /// A hasher.
    public init() {}

    /// The token's bytes, changed by its purpose.
    public func hash(_ token: SecretToken) -> TokenHash {
        let mark = eightBytes(of: digest(of: Array(token.purpose.rawValue.utf8)))
        let mixed = token.bytes.enumerated().map { index, byte in byte ^ mark[index % mark.count] }
        guard let hash = TokenHash(bytes: mixed) else {
            preconditionFailure("a hash of \(mixed.count) bytes")
        }
        return hash
    }
}

/// Hands out access tokens that say nothing, and remembers what each stands for.
public final class InMemoryAccessTokens: AccessTokens {
    private let claims = Mutex<[AccessClaims]>([])

    /// Tokens of which none has been handed out.
    public init() {}

    /// A token that stands for these claims.
    public func sign(_ claims: AccessClaims) -> String {
        self.claims.withLock { known in
            known.append(claims)
            return "access-\(known.count)"
        }
    }

    /// What a token stands for; nil unless it was handed out here and has not expired.
    public func verify(_ token: String, at now: Timestamp) -> AccessClaims? {
        guard token.hasPrefix("access-"), let number = Int(token.dropFirst("access-".count)), number > 0
        else { return nil }
        return claims.withLock { known in
            guard known.indices.contains(number - 1) else { return nil }
            let claims = known[number - 1]
            return now < claims.expiresAt ? claims : nil
        }
    }
}

/// Puts the context before the bytes, for all to see.
public struct InMemorySecretBox: SecretBox {
    /// A box.
    public init() {}

    /// The context, a zero and the bytes.
    public func seal(_ bytes: [UInt8], context: String) -> [UInt8] {
        Array(context.utf8) + [0] + bytes
    }

    /// The bytes; nil when they were sealed for another context.
    public func open(_ sealed: [UInt8], context: String) -> [UInt8]? {
        let mark = Array(context.utf8) + [0]
        return sealed.starts(with: mark) ? Array(sealed.dropFirst(mark.count)) : nil
    }
}

/// FNV-1a, by Fowler, Noll and Vo: quick, the same in every process, and no protection at all.
private func digest(of bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
}

private func eightBytes(of number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
}

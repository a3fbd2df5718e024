/// A secret that a program shows to be let in: 32 random bytes, written so that its purpose can be seen.
///
/// It is shown once, to who it is for; only its ``TokenHash`` is kept.
public struct SecretToken: Redacted, Sendable {
    /// What a token is good for, by the letters it begins with.
    ///
    /// A token never passes for one of another purpose, and scanners find one that was published by mistake.
    public enum Purpose: String, CaseIterable, Sendable {
        /// To call as a user.
        case apiKey = "cr_"
        /// To go on with a session.
        case refresh = "crr_"
        /// To sign up.
        case invitation = "cri_"
        /// To choose a new password.
        case passwordReset = "crp_"
        /// To show that mail arrives.
        case emailVerification = "crv_"
    }

    /// How many random bytes a token has: 256 bits, which nobody guesses.
    public static let byteCount = 32

    /// What it is good for.
    public let purpose: Purpose
    /// The random bytes.
    public let bytes: [UInt8]

    /// A token of random bytes; nil unless there are 32.
    public init?(for purpose: Purpose, bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.purpose = purpose
        self.bytes = bytes
    }

    /// Reads a token that was shown; nil when it is none of that purpose, which needs no look into a store.
    public init?(_ text: some StringProtocol, for purpose: Purpose) {
        // One known type of text, and bytes instead of characters: each call by a key comes through here.
        let text = String(text)
        let prefix = purpose.rawValue.utf8
        guard text.utf8.starts(with: prefix),
            let bytes = Hexadecimal.bytes(
                Substring(text.utf8.dropFirst(prefix.count)), count: Self.byteCount)
        else { return nil }
        self.purpose = purpose
        self.bytes = bytes
    }

    /// The token as it is shown: its purpose and 64 hexadecimal digits.
    public var text: String { purpose.rawValue + Hexadecimal.text(of: bytes) }
}

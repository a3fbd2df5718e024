/// A password as a person chose it.
public struct Password: Redacted, Sendable {
    /// How many Unicode scalars a password has: NIST SP 800-63B, section 5.1.1.2, asks for at least 8 and allows
    /// no limit below 64; the upper one only bounds the work of hashing.
    public static let length = 8...256
    /// How many different characters a password has at least.
    public static let leastVariety = 3

    /// The characters in UTF-8, for hashing only.
    public let bytes: [UInt8]

    /// A new password that keeps the rules.
    ///
    /// There are no rules of composition, as NIST SP 800-63B says, but the commonest passwords are refused, and
    /// the user's own names.
    ///
    /// - Parameters:
    ///   - text: In Unicode's composed form (NFC), which is made where text comes in.
    ///   - names: What the password must not be in any case: the username, the address.
    public init(choosing text: String, insteadOf names: [String] = []) throws(PasswordError) {
        let scalars = text.unicodeScalars
        guard scalars.count >= Self.length.lowerBound else { throw .tooShort }
        guard scalars.count <= Self.length.upperBound else { throw .tooLong }
        let lowercase = text.lowercased()
        guard Set(scalars).count >= Self.leastVariety, !Self.commonest.contains(lowercase) else {
            throw .tooCommon
        }
        guard !names.contains(where: { $0.lowercased() == lowercase }) else { throw .ownName }
        bytes = Array(text.utf8)
    }

    /// A password as someone typed it to sign in; nil when none can be so long or so short.
    public init?(typing text: String) {
        guard Self.length.contains(text.unicodeScalars.count) else { return nil }
        bytes = Array(text.utf8)
    }
}

/// The rules of passwords.
public enum PasswordError: CodedError, Equatable, CaseIterable {
    /// A password has at least 8 characters.
    case tooShort
    /// A password has at most 256 characters.
    case tooLong
    /// A password is none of those that are tried first.
    case tooCommon
    /// A password is not the user's own name or address.
    case ownName

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .tooShort: "password_too_short"
        case .tooLong: "password_too_long"
        case .tooCommon: "password_too_common"
        case .ownName: "password_own_name"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .tooShort: "A password has at least \(Password.length.lowerBound) characters."
        case .tooLong: "A password has at most \(Password.length.upperBound) characters."
        case .tooCommon: "This password is one of the first that are tried. Choose another."
        case .ownName: "A password must not be the username or the address."
        }
    }
}

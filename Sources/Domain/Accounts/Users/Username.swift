/// The name that a user signs in with and that others see.
public struct Username: Hashable, Sendable {
    /// How many Unicode scalars a name has, white space at its ends not counted.
    public static let length = 3...50
    /// Names that would pass for a part of the server, by their ``key``.
    public static let reserved: Set<String> = [
        "abuse", "admin", "administrator", "anonymous", "api", "cutroom", "deleted", "everyone", "help",
        "hostmaster", "local", "me", "moderator", "nobody", "null", "owner", "postmaster", "root", "security",
        "server", "staff", "support", "system", "undefined", "unknown", "webmaster",
    ]

    /// The name as its owner writes it.
    public let text: String

    /// A name from what a person typed.
    ///
    /// Letters and digits of any script are taken, the marks that belong to a letter, and `_`, `-` and `.`.
    ///
    /// - Parameter text: In Unicode's composed form (NFC), which is made where text comes in; white space at
    ///   its ends is dropped.
    public init(_ text: String) throws(ProfileError) {
        let text = text.trimmed
        guard Self.length.contains(text.unicodeScalars.count) else { throw .usernameLength }
        guard Self.isWellFormed(text) else { throw .usernameCharacters }
        self.text = text
        guard !Self.reserved.contains(key) else { throw .usernameReserved }
    }

    /// Restores a name as a store kept it.
    public init(stored text: String) {
        self.text = text
    }

    /// What is unique among users: two names that differ only in case have the same key.
    ///
    /// The standard library has no case folding; upper case and then lower case does the same for letters such
    /// as ß, ſ and ς, which lower case alone leaves apart.
    public var key: String { text.uppercased().lowercased() }

    private static func isWellFormed(_ text: String) -> Bool {
        var previousIsLetter = false
        var hasSubstance = false
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
                previousIsLetter = true
                hasSubstance = true
            case .decimalNumber:
                previousIsLetter = false
                hasSubstance = true
            case .nonspacingMark, .spacingMark:
                guard previousIsLetter else { return false }
            default:
                guard scalar == "_" || scalar == "-" || scalar == "." else { return false }
                previousIsLetter = false
            }
        }
        return hasSubstance
    }
}

extension Username: CustomStringConvertible {
    /// The name as its owner writes it.
    public var description: String { text }
}

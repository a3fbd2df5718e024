/// The rules of what users say about themselves.
public enum ProfileError: CodedError, Equatable, CaseIterable {
    /// A username has 3–50 characters.
    case usernameLength
    /// A username has letters, digits, `_`, `-` and `.`, and at least one letter or digit.
    case usernameCharacters
    /// A username would pass for a part of the server.
    case usernameReserved
    /// A first or last name has 1–100 characters.
    case nameLength
    /// A first or last name can be read on one line.
    case nameCharacters
    /// A time zone is named as in the IANA database.
    case timeZone

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .usernameLength: "username_length"
        case .usernameCharacters: "username_characters"
        case .usernameReserved: "username_reserved"
        case .nameLength: "name_length"
        case .nameCharacters: "name_characters"
        case .timeZone: "time_zone"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .usernameLength:
            "A username has \(Username.length.lowerBound)–\(Username.length.upperBound) characters."
        case .usernameCharacters:
            "A username has letters, digits, “_”, “-” and “.” only, and at least one letter or digit."
        case .usernameReserved: "This username is reserved. Choose another."
        case .nameLength:
            "A name has \(PersonName.length.lowerBound)–\(PersonName.length.upperBound) characters."
        case .nameCharacters: "A name has no control characters and no line breaks."
        case .timeZone: "A time zone is named as in the IANA database, such as Europe/Berlin."
        }
    }
}

/// Everything about a user that is personal: it goes when the user is deleted.
public struct Profile: Hashable, Sendable {
    /// The name to sign in with.
    public internal(set) var username: Username
    /// Where mail reaches the user.
    public internal(set) var email: EmailAddress
    /// Whether the user has shown that mail to that address arrives.
    public internal(set) var isEmailVerified: Bool
    /// The first name, nil when not told.
    public internal(set) var firstName: PersonName?
    /// The last name, nil when not told.
    public internal(set) var lastName: PersonName?
    /// Where the user's day begins and ends.
    public internal(set) var timeZone: TimeZoneName

    /// A profile; that of a new user has an address that is not verified.
    public init(
        username: Username, email: EmailAddress, isEmailVerified: Bool = false, firstName: PersonName? = nil,
        lastName: PersonName? = nil, timeZone: TimeZoneName = .utc
    ) {
        self.username = username
        self.email = email
        self.isEmailVerified = isEmailVerified
        self.firstName = firstName
        self.lastName = lastName
        self.timeZone = timeZone
    }

    /// What to call the user: both names, else the one that is known, else the username.
    public var fullName: String {
        let names = [firstName, lastName].compactMap { $0?.text }
        return names.isEmpty ? username.text : names.joined(separator: " ")
    }
}

public import Domain

/// What somebody types to become a user.
public struct SignUpForm: Redacted, Sendable {
    /// The name to sign in with.
    public var username: String
    /// The address.
    public var email: String
    /// The password.
    public var password: String
    /// The first name, if told.
    public var firstName: String?
    /// The last name, if told.
    public var lastName: String?
    /// The time zone, if told.
    public var timeZone: String?

    /// A form with what must be filled in.
    public init(username: String, email: String, password: String) {
        self.username = username
        self.email = email
        self.password = password
    }
}

extension TypedInput {
    /// What was typed, once it keeps the rules.
    ///
    /// - Throws: ``Domain/ProfileError``, ``Domain/EmailAddressError``, ``Domain/PasswordError``.
    func read(_ form: SignUpForm, isEmailVerified: Bool = false, at now: Timestamp) throws
        -> (profile: Profile, password: Password)
    {
        let profile = Profile(
            username: try username(form.username), email: try email(form.email),
            isEmailVerified: isEmailVerified, firstName: try form.firstName.map(personName),
            lastName: try form.lastName.map(personName),
            timeZone: try form.timeZone.map { try timeZone($0, at: now) } ?? .utc)
        return (profile, try newPassword(form.password, of: profile))
    }
}

extension StoreReader {
    /// Checks that name and address are nobody's yet, so that no password is hashed in vain; that they are
    /// nobody's then is for the store to say when the user is added.
    ///
    /// - Throws: ``UserConflict``.
    func requireFree(_ profile: Profile) throws {
        guard try users.find(username: profile.username) == nil else { throw UserConflict.username }
        guard try users.find(email: profile.email) == nil else { throw UserConflict.email }
    }
}

extension StoreWriter {
    /// Adds a user, with a password and the first month's credits.
    func add(
        _ registration: (user: User, events: [AccountEvent]), password: PasswordHash, doing deed: Deed
    ) throws {
        try userWriter.insert(registration.user)
        try userWriter.setPasswordHash(password, of: registration.user.id)
        try record(registration.events, of: deed, detail: registration.user.role.rawValue)
        _ = try renewCredits(of: registration.user, doing: deed)
    }
}

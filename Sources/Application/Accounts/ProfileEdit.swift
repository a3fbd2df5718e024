import Domain

/// What somebody wants changed in a profile; nil leaves a thing as it is.
public struct ProfileEdit: Sendable {
    /// Another name to sign in with.
    public var username: String?
    /// Another address.
    public var email: String?
    /// Another first name, or none.
    public var firstName: String??
    /// Another last name, or none.
    public var lastName: String??
    /// Another time zone.
    public var timeZone: String?

    /// Nothing changed.
    public init() {}
}

/// Changes profiles, and writes to who has another address.
public struct ProfileEditor: Sendable {
    /// What is to be changed, once it keeps the rules.
    struct Changes: Sendable {
        var username: Username?
        var email: EmailAddress?
        var firstName: PersonName??
        var lastName: PersonName??
        var timeZone: TimeZoneName?
    }

    private let desk: AccountDesk
    private let input: TypedInput
    private let mint: TokenMint
    private let courier: Courier
    private let letters: Letters

    /// An editor over its ports.
    public init(
        desk: AccountDesk, input: TypedInput, mint: TokenMint, courier: Courier, letters: Letters
    ) {
        self.desk = desk
        self.input = input
        self.mint = mint
        self.courier = courier
        self.letters = letters
    }

    /// What was typed, once it keeps the rules.
    ///
    /// - Throws: ``Domain/ProfileError``, ``Domain/EmailAddressError``.
    func read(_ edit: ProfileEdit, at now: Timestamp) throws -> Changes {
        Changes(
            username: try edit.username.map(input.username), email: try edit.email.map(input.email),
            firstName: try edit.firstName.map { try $0.map(input.personName) },
            lastName: try edit.lastName.map { try $0.map(input.personName) },
            timeZone: try edit.timeZone.map { try input.timeZone($0, at: now) })
    }

    /// Changes a profile.
    ///
    /// An address that is new has to be confirmed, and what was mailed to the former one is void. Who was mailed
    /// enough of late (``Domain/MailAllowance``) asks for the code later.
    ///
    /// - Parameter also: What else is done to the user in the same unit of work, first.
    func change(
        _ id: Identifier<User>, _ changes: Changes, doing deed: Deed,
        also: @escaping @Sendable (inout User, any StoreWriter) throws -> [AccountEvent]
    ) async throws -> User {
        let verification = mint.make(for: .emailVerification)
        let (before, user) = try await desk.store.write { writer in
            try writer.change(id, doing: deed) { user, writer in
                var events = try also(&user, writer)
                events += try changes.apply(to: &user, at: deed.now)
                if events.contains(where: { $0.change == .emailChanged }), let email = user.profile?.email {
                    try writer.mailedTokenWriter.forgetAll(of: id)
                    _ = try writer.keep(
                        MailedToken(
                            for: .emailVerification(email), of: id, hash: verification.hash, at: deed.now),
                        forMailAt: deed.now)
                }
                return events
            }
        }
        if let former = before.profile?.email, let email = user.profile?.email, email != former {
            courier.post(letters.moved(from: former))
            let isKept = try desk.store.read { try $0.mailedTokens.find(hash: verification.hash) != nil }
            if isKept { courier.post(letters.verification(to: email, token: verification.token)) }
        }
        return user
    }
}

extension ProfileEditor.Changes {
    /// Whether the user would sign in by another name or address: who can change that can become the user.
    func changeSignIn(of user: User) -> Bool {
        guard let profile = user.profile else { return false }
        return (username.map { $0.key != profile.username.key } ?? false)
            || (email.map { $0 != profile.email } ?? false)
    }

    fileprivate func apply(to user: inout User, at now: Timestamp) throws -> [AccountEvent] {
        var events: [AccountEvent] = []
        if let username { events += try user.rename(to: username, at: now) }
        if let email { events += try user.change(email: email, at: now) }
        if firstName != nil || lastName != nil {
            events += try user.change(
                firstName: firstName ?? user.profile?.firstName, lastName: lastName ?? user.profile?.lastName,
                at: now)
        }
        if let timeZone { events += try user.change(timeZone: timeZone, at: now) }
        return events
    }
}

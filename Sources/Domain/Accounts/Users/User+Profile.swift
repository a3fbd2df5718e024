extension User {
    /// Gives the user another username; the one that the user has already changes nothing.
    public mutating func rename(to username: Username, at now: Timestamp) throws(UserError)
        -> [AccountEvent]
    {
        try change(.usernameChanged, at: now) { $0.username = username }
    }

    /// Gives the user other first and last names; nil takes one away.
    public mutating func change(firstName: PersonName?, lastName: PersonName?, at now: Timestamp)
        throws(UserError) -> [AccountEvent]
    {
        try change(.profileChanged, at: now) {
            $0.firstName = firstName
            $0.lastName = lastName
        }
    }

    /// Moves the user to another time zone.
    public mutating func change(timeZone: TimeZoneName, at now: Timestamp) throws(UserError)
        -> [AccountEvent]
    {
        try change(.profileChanged, at: now) { $0.timeZone = timeZone }
    }

    /// Gives the user another address, which is not verified; the same one changes nothing.
    public mutating func change(email: EmailAddress, at now: Timestamp) throws(UserError) -> [AccountEvent] {
        try change(.emailChanged, at: now) { profile in
            guard email != profile.email else { return }
            profile.email = email
            profile.isEmailVerified = false
        }
    }

    /// Notes that mail to `email` has arrived; nothing changes when that is known already.
    ///
    /// - Throws: ``UserError/otherAddress`` when the user has moved to another address since.
    public mutating func verify(_ email: EmailAddress, at now: Timestamp) throws(UserError)
        -> [AccountEvent]
    {
        try requireActive(at: now)
        guard profile?.email == email else { throw .otherAddress }
        return try change(.emailVerified, at: now) { $0.isEmailVerified = true }
    }

    private mutating func change(
        _ change: AccountChange, at now: Timestamp, _ edit: (inout Profile) -> Void
    ) throws(UserError) -> [AccountEvent] {
        try requireActive(at: now)
        guard var profile else { throw .deleted }
        edit(&profile)
        guard profile != self.profile else { return [] }
        self.profile = profile
        return [changed(change, at: now)]
    }
}

public import Domain

/// Something that belongs to users and goes with them, such as tasks and their files.
public protocol UserBelongings: Sendable {
    /// Has everything removed that belongs to a user, in the very unit of work in which the user is deleted: what
    /// takes longer, or needs more than the store, is left to a job that is enqueued here.
    func remove(of user: Identifier<User>, in writer: any StoreWriter, at now: Timestamp) throws
}

/// Removes users, with all that is theirs.
public struct UserRemoval: Sendable {
    private let belongings: [any UserBelongings]

    /// A removal that takes these with it.
    public init(belongings: [any UserBelongings]) {
        self.belongings = belongings
    }

    /// Makes a user anonymous: ends and forgets the sessions, keys and preferences, frees name and address, and
    /// takes out of invitations and the audit trail what is personal.
    ///
    /// - Throws: ``Domain/UserError``.
    func callAsFunction(_ user: User, in writer: any StoreWriter, doing deed: Deed) throws {
        var anonymous = user
        let others = try writer.users.administrators(otherThan: user.id, at: deed.now)
        let events = try anonymous.delete(otherAdministrators: others, at: deed.now)
        try writer.endSessions(of: user.id, because: .userClosed, doing: deed)
        try writer.revokeKeys(of: user.id, doing: deed)
        try writer.sessionWriter.forgetAll(of: user.id)
        try writer.keyWriter.forgetAll(of: user.id)
        try writer.invitationWriter.forgetAddress(of: user.id)
        try writer.mailedTokenWriter.forgetAll(of: user.id)
        for kind in MailedToken.Kind.allCases {
            try writer.mailedTokenWriter.put(MailAllowance(), of: user.id, for: kind)
        }
        try writer.preferencesWriter.forget(user.id)
        try writer.creditWriter.forgetReasons(of: user.id)
        try writer.forgetAttempts(for: user.profile?.signInNames ?? [])
        try writer.userWriter.setPasswordHash(nil, of: user.id)
        try writer.userWriter.update(anonymous)
        for belonging in belongings { try belonging.remove(of: user.id, in: writer, at: deed.now) }
        try writer.record(events, of: deed)
        // Last, since the lines of the deletion itself tell from where it was done.
        try writer.auditWriter.forget(user.id)
    }
}

import Domain

extension StoreReader {
    /// Checks that who is to own something was not deleted since the request began, so that nothing is kept that
    /// nobody would ever remove.
    ///
    /// The local user has no row, and is always there.
    ///
    /// - Throws: ``Domain/UserError/deleted``.
    func requirePresence(of owner: Identifier<User>) throws {
        guard owner != User.local, let user = try users.find(owner) else { return }
        if case .deleted = user.state { throw UserError.deleted }
    }
}

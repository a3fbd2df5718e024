public import Domain

/// Lists invitations for an administrator, newest first.
public struct ListInvitations: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Up to `limit` (brought into ``Domain/PageSize/range``) invitations issued before the one at `cursor`.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(
        by caller: Caller, limit: Int = PageSize.usual, before cursor: Identifier<Invitation>? = nil
    ) throws -> Page<Invitation, Identifier<Invitation>> {
        try caller.require(.admin)
        let limit = PageSize.nearest(to: limit)
        return try desk.store.read { try $0.invitations.page(limit: limit, before: cursor) }
    }
}

public import Domain

/// Lists how the caller's credits came and went, newest first.
public struct ListCreditEntries: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Up to `limit` (brought into ``Domain/PageSize/range``) entries before the one with the number `cursor`.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(
        by caller: Caller, limit: Int = PageSize.usual, before cursor: Int? = nil
    ) throws -> Page<CreditEntry, Int> {
        try caller.require(.creditsRead)
        let limit = PageSize.nearest(to: limit)
        return try desk.store.read {
            try $0.credits.entries(of: caller.user, limit: limit, before: cursor)
        }
    }
}

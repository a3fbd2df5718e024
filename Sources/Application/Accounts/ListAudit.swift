public import Domain

/// Lists who did what, for an administrator, newest first.
public struct ListAudit: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Up to `limit` (brought into ``Domain/PageSize/range``) lines written before the one at `cursor`.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(
        _ filter: AuditFilter = AuditFilter(), by caller: Caller, limit: Int = PageSize.usual,
        before cursor: Identifier<AuditEntry>? = nil
    ) throws -> Page<AuditEntry, Identifier<AuditEntry>> {
        try caller.require(.admin)
        let limit = PageSize.nearest(to: limit)
        return try desk.store.read { try $0.audit.page(filter, limit: limit, before: cursor) }
    }
}

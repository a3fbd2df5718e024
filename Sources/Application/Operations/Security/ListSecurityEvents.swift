public import Domain

/// Lists what was seen at the edge, newest first.
public struct ListSecurityEvents: Sendable {
    private let watch: SecurityWatch

    /// The use case over the watch.
    public init(watch: SecurityWatch) {
        self.watch = watch
    }

    /// Up to `limit` (brought into ``Domain/PageSize/range``) events before the one at `cursor`.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(
        _ filter: SecurityEventFilter = SecurityEventFilter(), by caller: Caller, limit: Int = PageSize.usual,
        before cursor: Identifier<SecurityEvent>? = nil
    ) throws -> Page<SecurityEvent, Identifier<SecurityEvent>> {
        try caller.require(.admin)
        var events = watch.events(filter)
        // By time, since the event of the cursor may be forgotten by now.
        if let cursor { events = Array(events.prefix { $0.id < cursor }) }
        let limit = PageSize.nearest(to: limit)
        let page = Array(events.suffix(limit).reversed())
        return Page(items: page, next: events.count > limit ? page.last?.id : nil)
    }
}

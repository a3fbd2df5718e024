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
        if let cursor {
            // Where the event of the cursor is forgotten, so are those before it.
            events = Array(events.prefix(upTo: events.firstIndex { $0.id == cursor } ?? 0))
        }
        let limit = PageSize.nearest(to: limit)
        let page = Array(events.suffix(limit).reversed())
        return Page(items: page, next: events.count > limit ? page.last?.id : nil)
    }
}

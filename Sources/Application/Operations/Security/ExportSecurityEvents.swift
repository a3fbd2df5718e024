public import Domain

/// Hands out all that was seen at the edge; the audit trail tells that it was.
public struct ExportSecurityEvents: Sendable {
    private let desk: AccountDesk
    private let watch: SecurityWatch

    /// The use case over its ports.
    public init(desk: AccountDesk, watch: SecurityWatch) {
        self.desk = desk
        self.watch = watch
    }

    /// The events, oldest first.
    ///
    /// - Parameter form: What they are written as, for the audit trail.
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(
        _ filter: SecurityEventFilter = SecurityEventFilter(), as form: String, by caller: Caller,
        from origin: Origin
    ) async throws -> [SecurityEvent] {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        try await desk.store.write {
            try $0.note(.securityEventsExported, on: .server, of: deed, detail: form)
        }
        return watch.events(filter)
    }
}

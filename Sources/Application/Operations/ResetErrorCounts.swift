public import Domain

/// Has failures counted from zero.
public struct ResetErrorCounts: Sendable {
    private let desk: AccountDesk
    private let counters: ErrorCounters

    /// The use case over its ports.
    public init(desk: AccountDesk, counters: ErrorCounters) {
        self.desk = desk
        self.counters = counters
    }

    /// Sets the counts back; the audit trail tells how many there were.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller, from origin: Origin) async throws {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        let total = counters.recent.counts.total
        try await desk.store.write { writer in
            try writer.note(.errorCountsReset, on: .server, of: deed, detail: "\(total) failures")
        }
        counters.reset(at: deed.now)
    }
}

package import Application

/// What can be asked about failures.
package struct ErrorCapabilities: Sendable {
    let counters: ErrorCounters
    let get: GetErrorCounts
    let reset: ResetErrorCounts
    let clock: any WallClock

    /// The use cases over what counts.
    package init(counters: ErrorCounters, desk: AccountDesk, clock: any WallClock) {
        self.counters = counters
        get = GetErrorCounts(counters: counters)
        reset = ResetErrorCounts(desk: desk, counters: counters)
        self.clock = clock
    }
}

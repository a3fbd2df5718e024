package import Application
internal import Domain
internal import Synchronization

/// Bounds how many requests are in flight, by what ``Domain/ConcurrencyLimit`` learns from their round trips.
///
/// Most requests are answered on the thread on which they came, and are in flight for as long as they keep that
/// thread busy: a few microseconds, and never more of them than there are threads. A line forms only of those that
/// wait for something, such as the store's writer; so they alone are the round trips from which the limit learns.
///
/// Nothing is held back. Up to the limit everyone comes in. Beyond it those are refused for whom nobody in particular
/// stands; beyond four times the limit, which is what a line of grouped commits still takes without harm, all who
/// want to change something; beyond eight times the limit those too who only read.
package final class RequestLoad: LoadBound {
    private let inFlight = Atomic<Int>(0)
    private let limit: Atomic<Int>
    private let refused = Atomic<Int>(0)
    private let learned: Mutex<ConcurrencyLimit>

    /// A bound that has seen nothing yet.
    package init() {
        let nothing = ConcurrencyLimit()
        limit = Atomic(nothing.limit)
        learned = Mutex(nothing)
    }

    package func enter(_ demand: Demand) throws(Problem) {
        if let share = demand.share,
            inFlight.load(ordering: .relaxed) >= limit.load(ordering: .relaxed) * share
        {
            refused.wrappingAdd(1, ordering: .relaxed)
            throw Problem(
                .overloaded, "There is more to do than the server can. Ask again.",
                fields: [("Retry-After", "1")])
        }
        if demand.isCounted { inFlight.wrappingAdd(1, ordering: .relaxed) }
    }

    package func leave(_ demand: Demand, after roundTrip: Duration?) {
        guard demand.isCounted else { return }
        let others = inFlight.wrappingSubtract(1, ordering: .relaxed).newValue
        guard let roundTrip else { return }
        let (seconds, attoseconds) = roundTrip.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        let found = learned.withLock { learned in
            learned.record(nanoseconds, inFlight: others + 1)
            return learned.limit
        }
        limit.store(found, ordering: .relaxed)
    }

    /// How many requests are in flight to how many are let in.
    package var share: Double {
        Double(inFlight.load(ordering: .relaxed)) / Double(max(1, limit.load(ordering: .relaxed)))
    }

    /// Has metrics tell of the load.
    package func tell(_ metrics: Metrics) {
        metrics.collect(.httpInFlight) { [MetricSample(.count(self.inFlight.load(ordering: .relaxed)))] }
        metrics.collect(.httpLimit) { [MetricSample(.count(self.limit.load(ordering: .relaxed)))] }
        metrics.collect(.httpShed) { [MetricSample(.count(self.refused.load(ordering: .relaxed)))] }
    }
}

extension Demand {
    /// How many times the limit others may be in flight when such a request is let in; nil for any number.
    fileprivate var share: Int? {
        switch self {
        case .vital: nil
        case .read: 8
        case .change, .transfer: 4
        case .guest, .entrance: 1
        }
    }
}

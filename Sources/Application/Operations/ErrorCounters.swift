public import Domain
import Synchronization

/// Counts failures by code, operation and service, and how often trying again helped.
///
/// Names come from the program alone, and a bound of names stands above that, so that no client can make it grow.
/// What an administrator sets back is what is told from then on; the metrics go on counting.
public final class ErrorCounters: Sendable {
    /// The most names that are told apart in each table; what comes beyond is counted as `other`.
    public static let mostNames = 512

    /// What was counted.
    public struct Counts: Hashable, Sendable {
        /// Failures, by code.
        public var byCode: [String: Int] = [:]
        /// Failures, by the operation in which they happened; `none` where none was found.
        public var byOperation: [String: Int] = [:]
        /// Failures, by the program or service that was to blame.
        public var byService: [String: Int] = [:]
        /// How often something that had failed was tried again.
        public var retries = 0
        /// How often something worked that had failed before.
        public var recoveries = 0

        /// Nothing was counted.
        public init() {}

        /// All failures.
        public var total: Int { byCode.values.reduce(0, +) }

        /// How many of the tries after a failure worked, 0…1; nil when there was none.
        public var recoveryRate: Double? {
            retries == 0 ? nil : min(1, Double(recoveries) / Double(retries))
        }
    }

    private struct State {
        var counts = Counts()
        /// What had been counted when it was set back.
        var former = Counts()
        var since: Timestamp
    }

    private let state: Mutex<State>

    /// Counters that begin at zero.
    public init(since moment: Timestamp) {
        state = Mutex(State(since: moment))
    }

    /// Counts a failure.
    public func countFailure(code: String, operation: String?, service: String?) {
        state.withLock { state in
            Self.add(code, to: &state.counts.byCode)
            Self.add(operation ?? "none", to: &state.counts.byOperation)
            if let service { Self.add(service, to: &state.counts.byService) }
        }
    }

    /// Counts that something that had failed is tried again.
    public func countRetry() { state.withLock { $0.counts.retries += 1 } }

    /// Counts that something worked that had failed before.
    public func countRecovery() { state.withLock { $0.counts.recoveries += 1 } }

    /// All that was counted since the process began.
    public var all: Counts { state.withLock { $0.counts } }

    /// What was counted since it was set back, and since when that is.
    public var recent: (counts: Counts, since: Timestamp) {
        state.withLock { ($0.counts.less($0.former), $0.since) }
    }

    /// Begins anew.
    func reset(at now: Timestamp) {
        state.withLock { state in
            state.former = state.counts
            state.since = now
        }
    }

    private static func add(_ name: String, to table: inout [String: Int]) {
        table[table[name] != nil || table.count < mostNames ? name : "other", default: 0] += 1
    }
}

extension ErrorCounters.Counts {
    fileprivate func less(_ former: Self) -> Self {
        func less(_ table: [String: Int], _ former: [String: Int]) -> [String: Int] {
            table.merging(former, uniquingKeysWith: -).filter { $0.value > 0 }
        }
        var rest = self
        rest.byCode = less(byCode, former.byCode)
        rest.byOperation = less(byOperation, former.byOperation)
        rest.byService = less(byService, former.byService)
        rest.retries -= former.retries
        rest.recoveries -= former.recoveries
        return rest
    }
}

public import Application
public import Domain

/// A history of people who order, cancel, resume and delete tasks, change plans and let months pass, drawn from a
/// seed, while workers fail and get lost.
///
/// It drives the shipped code: the use cases and the handler of the jobs. After each step the books are looked at;
/// after the last one the trouble ends, and nothing may be held any more.
public struct OrderSimulation: Sendable {
    /// A broken rule, with what led to it.
    public struct Failure: Error, CustomStringConvertible {
        public let seed: UInt64
        public let complaint: String
        public let trace: [String]

        public var description: String {
            "seed \(seed): \(complaint)\nafter \(trace.suffix(20).joined(separator: "\n      "))"
        }
    }

    /// What happened in a history.
    public struct Tally: Sendable {
        /// How often each kind of entry was made.
        public internal(set) var entries: [CreditEntry.Kind.Name: Int] = [:]
        /// How often each refusal was met, by its code.
        public internal(set) var refusals: [String: Int] = [:]
        /// How many tasks ended in each status.
        public internal(set) var tasks: [VideoTask.Status.Name: Int] = [:]

        public init() {}

        public mutating func add(_ other: Tally) {
            entries.merge(other.entries, uniquingKeysWith: +)
            refusals.merge(other.refusals, uniquingKeysWith: +)
            tasks.merge(other.tasks, uniquingKeysWith: +)
        }
    }

    public let seed: UInt64
    public let steps: Int

    public init(seed: UInt64, steps: Int) {
        self.seed = seed
        self.steps = steps
    }

    /// Plays the history on an empty store.
    ///
    /// - Throws: ``Failure`` when a rule is broken.
    public func run(on store: any Store) async throws -> Tally {
        let history = OrderHistory(seed: seed, store: store)
        do {
            try await history.begin()
            for _ in 0..<steps { try await history.step() }
            try await history.settle()
            return history.tally
        } catch {
            let complaint = (error as? OrderBooks.Complaint)?.text ?? "\(error)"
            throw Failure(seed: seed, complaint: complaint, trace: history.trace)
        }
    }
}

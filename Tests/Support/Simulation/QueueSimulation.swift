public import Application
import Domain

/// A short history of a queue in which everything goes wrong that can, drawn from a seed: workers that crash,
/// stall and shut down, clocks that jump, cancellations, retries, unique keys and priorities.
///
/// It drives the shipped code: the state machine, the worker's units of work, the rescue, the use cases. After
/// its last step the trouble ends, and everything must come to its end.
public struct QueueSimulation: Sendable {
    /// A broken rule, with all that is needed to see it again.
    public struct Failure: Error, CustomStringConvertible {
        public let seed: UInt64
        public let complaint: String
        public let trace: [String]

        public var description: String {
            "seed \(seed): \(complaint)\nafter \(trace.suffix(30).joined(separator: "\n      "))"
        }
    }

    public let seed: UInt64
    public let steps: Int
    public let fault: StoreFault?

    public init(seed: UInt64, steps: Int, fault: StoreFault? = nil) {
        self.seed = seed
        self.steps = steps
        self.fault = fault
    }

    /// Plays the history on an empty store that `make` makes, and once more with a trace when a rule is broken.
    ///
    /// - Throws: ``Failure`` when a rule is broken.
    public func run(_ make: () async throws -> any Store) async throws {
        guard try await play(on: make(), isTraced: false) != nil else { return }
        guard let failure = try await play(on: make(), isTraced: true) else {
            throw Failure(seed: seed, complaint: "a rule was broken, but not the second time", trace: [])
        }
        throw failure
    }

    private func play(on store: any Store, isTraced: Bool) async throws -> Failure? {
        let history = try QueueHistory(seed: seed, store: store, fault: fault, isTraced: isTraced)
        do {
            for _ in 0..<steps { try await history.step() }
            try await history.settle()
            return nil
        } catch {
            let complaint = (error as? QueueOracle.Complaint)?.text ?? "\(error)"
            return Failure(seed: seed, complaint: complaint, trace: history.trace)
        }
    }
}

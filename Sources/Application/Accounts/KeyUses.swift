import Domain
import Synchronization

/// Collects when API keys are used, and writes it down now and then: many keys in one unit of work, and no key
/// more often than ``Domain/APIKey/useResolution`` says.
public final class KeyUses: Sendable {
    /// How long a use waits at most before it is written down.
    static let interval = Duration.seconds(5)

    private let store: any Store
    private let clock: any WallClock
    private let waiting = Mutex<[Identifier<APIKey>: Timestamp]>([:])

    /// A collection over its ports.
    public init(store: any Store, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Takes note of a use; of several within ``Domain/APIKey/useResolution`` the first is written down.
    func note(_ key: Identifier<APIKey>, at now: Timestamp) {
        waiting.withLock { waiting in
            if let noted = waiting[key], now - noted < APIKey.useResolution { return }
            waiting[key] = now
        }
    }

    /// Writes down what waits.
    public func flush() async throws {
        let uses = waiting.withLock { $0 }
        guard !uses.isEmpty else { return }
        try await store.write { writer in
            for (key, moment) in uses { try writer.keyWriter.noteUse(of: key, at: moment) }
        }
        // Only now, so that no use of the same minute is noted again meanwhile; a later one goes on waiting.
        waiting.withLock { waiting in
            for (key, moment) in uses where waiting[key] == moment { waiting[key] = nil }
        }
    }

    /// Writes down what waits again and again, until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            // What fails now is tried again soon.
            try? await flush()
            try? await clock.sleep(until: clock.now() + Self.interval)
        }
    }
}

import Domain

/// Forgets what is kept for a time only: answers that would not be given again, and jobs that ended long ago.
public struct ForgetOldRecords: Sendable {
    /// How many are forgotten in one unit of work, so that nobody waits long behind it.
    static let batch = 500
    /// How often it is worth looking.
    static let interval = Duration.seconds(60)

    private let store: any Store
    private let clock: any WallClock

    /// The use case over its ports.
    public init(store: any Store, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Forgets what is too old now.
    ///
    /// It costs as much as what it forgets: each record is written once and forgotten once.
    ///
    /// - Returns: How many answers and how many jobs were forgotten.
    @discardableResult
    public func callAsFunction() async throws -> (answers: Int, jobs: Int) {
        let now = clock.now()
        return (
            answers: try await inBatches {
                try $0.answerWriter.forget(before: now - StoredAnswer.lifetime, limit: Self.batch)
            },
            jobs: try await inBatches {
                try $0.jobWriter.forget(endedBefore: now - Job.lifetimeOnceEnded, limit: Self.batch)
            }
        )
    }

    private func inBatches(_ forget: @escaping @Sendable (any StoreWriter) throws -> Int) async throws -> Int
    {
        var count = 0
        while true {
            let forgotten = try await store.write(forget)
            count += forgotten
            if forgotten < Self.batch { return count }
        }
    }

    /// Forgets again and again, until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            // What fails now is tried again soon.
            _ = try? await self()
            try? await clock.sleep(until: clock.now() + Self.interval)
        }
    }
}

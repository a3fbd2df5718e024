import Domain

/// Forgets the answers that were kept for repeated requests, once they are too old to be given again.
public struct ForgetAnswers: Sendable {
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
    /// It costs as much as what it forgets: each answer is written once and forgotten once.
    ///
    /// - Returns: How many answers were forgotten.
    @discardableResult
    public func callAsFunction() async throws -> Int {
        let oldest = clock.now() - StoredAnswer.lifetime
        var count = 0
        while true {
            let forgotten = try await store.write {
                try $0.answerWriter.forget(before: oldest, limit: Self.batch)
            }
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

public import Domain

/// The wall clock.
public protocol WallClock: Sendable {
    /// The present moment.
    func now() -> Timestamp
    /// Suspends until `deadline` has come; throws `CancellationError` when the task is cancelled first.
    func sleep(until deadline: Timestamp) async throws
}

/// A source of randomness.
public protocol RandomSource: Sendable {
    /// 64 uniformly distributed bits.
    func next() -> UInt64
}

/// Makes identifiers from a clock and a random source.
public struct IdentifierMaker: Sendable {
    private let clock: any WallClock
    private let random: any RandomSource

    /// A maker that takes the time from `clock` and the rest from `random`.
    public init(clock: any WallClock, random: any RandomSource) {
        self.clock = clock
        self.random = random
    }

    /// A fresh identifier of the kind the caller asks for.
    public func make<Subject>(_ subject: Subject.Type = Subject.self) -> Identifier<Subject> {
        Identifier(at: clock.now(), randomness: (random.next(), random.next()))
    }
}

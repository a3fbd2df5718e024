import Application
import Domain

/// The standard library's clock as a wall clock that began when the program did.
struct ContinuousWallClock: WallClock {
    private let began = ContinuousClock.now

    func now() -> Timestamp { Timestamp(milliseconds: 1_790_000_000_000) + (ContinuousClock.now - began) }

    func sleep(until deadline: Timestamp) async throws {
        try await Task.sleep(for: max(.zero, deadline - now()))
    }
}

/// The standard library's generator.
struct SystemRandom: RandomSource {
    func next() -> UInt64 { .random(in: .min ... .max) }
}

/// A cache that remembers nothing.
struct NoCache: ArtefactCache {
    func transcript(for key: ArtefactKey) async -> Transcript? { nil }
    func keep(_ transcript: Transcript, for key: ArtefactKey) async {}
    func analysis(for key: ArtefactKey) async -> Analysis? { nil }
    func keep(_ analysis: Analysis, for key: ArtefactKey) async {}
    func forgetAll(of owner: Identifier<User>) async throws {}
}

/// A registry for a program whose only worker is this one.
struct SoleOwner: OwnerRegistry {
    final class Presence: OwnerPresence {}

    func enter(_ owner: Identifier<JobOwner>) throws -> any OwnerPresence { Presence() }
    func isGone(_ owner: Identifier<JobOwner>) throws -> Bool { false }
}

/// No renewal of leases: the script is over long before one ends.
struct NoRenewal: Pacemaker {
    final class Beat: Heartbeat {}

    func start(every interval: Duration, _ beat: @escaping @Sendable () -> Void) -> any Heartbeat { Beat() }
}

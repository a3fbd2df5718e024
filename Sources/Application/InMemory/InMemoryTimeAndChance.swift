public import Domain
import Synchronization

/// A clock that stands still until it is moved.
public final class InMemoryClock: WallClock {
    private struct State {
        var now: Timestamp
        var sleepers: [Int: (until: Timestamp, wake: CheckedContinuation<Void, any Error>)] = [:]
        var cancelled: Set<Int> = []
        var lastSleeper = 0
    }
    private let state: Mutex<State>

    /// A clock that shows `start`, some moment of the year 2026 when nothing is said.
    public init(at start: Timestamp = Timestamp(milliseconds: 1_790_000_000_000)) {
        state = Mutex(State(now: start))
    }

    /// The moment that it shows.
    public func now() -> Timestamp {
        state.withLock { $0.now }
    }

    /// Sets it to another moment, earlier or later, and wakes everyone whose deadline has come.
    public func set(to moment: Timestamp) {
        let due = state.withLock { state in
            state.now = moment
            let due = state.sleepers.filter { $0.value.until <= moment }
            for sleeper in due.keys { state.sleepers[sleeper] = nil }
            return due.values.map(\.wake)
        }
        for wake in due { wake.resume() }
    }

    /// Moves it on and wakes everyone whose deadline has come.
    public func advance(by duration: Duration) {
        set(to: now() + duration)
    }

    /// Suspends until the clock shows `deadline`.
    public func sleep(until deadline: Timestamp) async throws {
        let sleeper = state.withLock { state in
            state.lastSleeper += 1
            return state.lastSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(sleeper) != nil { return .failure(CancellationError()) }
                    if state.now >= deadline { return .success(()) }
                    state.sleepers[sleeper] = (deadline, continuation)
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let wake: CheckedContinuation<Void, any Error>? = state.withLock { state in
                if let waiting = state.sleepers.removeValue(forKey: sleeper) { return waiting.wake }
                state.cancelled.insert(sleeper)
                return nil
            }
            wake?.resume(throwing: CancellationError())
        }
    }
}

/// Random bits that are the same for the same seed.
///
/// SplitMix64, from Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
public final class SeededRandomSource: RandomSource {
    private let state: Atomic<UInt64>

    /// The source with that seed.
    public init(seed: UInt64) {
        state = Atomic(seed)
    }

    /// The next 64 bits.
    public func next() -> UInt64 {
        var bits = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}

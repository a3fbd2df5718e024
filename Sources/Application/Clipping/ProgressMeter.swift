import Domain
import Synchronization

/// Turns the many reports of a stage into few: at most four a second to followers, one a second to the store.
///
/// Reports come from threads of programs and transfers and must cost next to nothing, so they only leave
/// their latest value; a ticking loop picks it up.
final class ProgressMeter: Sendable {
    /// The time between two looks at the latest value.
    static let interval = Duration.milliseconds(250)
    /// How many looks pass between two writes to the store.
    private static let looksPerWrite = 4
    /// How long a task runs before it is said how long it will: stages that are over at once say nothing about
    /// those to come.
    private static let leastTold = 5.0

    private struct State {
        var stage = Stage.acquiring
        var fraction = 0.0
        var message: String?
        var changed = false
    }

    private let state = Mutex(State())

    /// Begins a stage at 0.
    func begin(_ stage: Stage) {
        state.withLock { $0 = State(stage: stage, changed: false) }
    }

    /// What a stage's work reports to.
    var report: ProgressReport {
        { [self] fraction, message in
            state.withLock { state in
                state.fraction = max(state.fraction, min(max(fraction, 0), 1))
                state.message = message ?? state.message
                state.changed = true
            }
        }
    }

    /// Publishes the latest values until it is cancelled.
    ///
    /// - Parameters:
    ///   - clock: Gives the rhythm.
    ///   - task: The task as it was when it began.
    ///   - feed: Is told at most four times a second.
    ///   - write: Stores a value, at most once a second.
    func publish(
        of task: VideoTask, clock: any WallClock, feed: TaskFeed,
        write: @Sendable (_ stage: Stage, _ progress: Double, _ message: String) async throws -> Void
    ) async {
        let began = clock.now()
        let first = task.progress
        var latest = task.progress
        var looks = 0
        var unwritten: (stage: Stage, progress: Double, message: String)?
        while true {
            do { try await clock.sleep(until: clock.now() + Self.interval) } catch { return }
            looks += 1
            let seen = state.withLock { state -> (stage: Stage, fraction: Double, message: String?)? in
                guard state.changed else { return nil }
                state.changed = false
                return (state.stage, state.fraction, state.message)
            }
            if let seen {
                latest = max(latest, task.progress(at: seen.stage, fraction: seen.fraction))
                let message = seen.message ?? seen.stage.rawValue
                let elapsed = (clock.now() - began).inSeconds
                let left =
                    latest > first && elapsed >= Self.leastTold
                    ? elapsed * (100 - latest) / (latest - first) : nil
                feed.report(
                    TaskSnapshot(
                        task: task.id, status: .running, stage: seen.stage, progress: latest,
                        message: message),
                    secondsLeft: left)
                unwritten = (seen.stage, latest, message)
            }
            if let value = unwritten, looks % Self.looksPerWrite == 0 {
                unwritten = nil
                // A value that could not be written is followed by another.
                try? await write(value.stage, value.progress, value.message)
            }
        }
    }
}

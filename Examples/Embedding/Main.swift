// How another program embeds Cutroom's pipeline: `Domain` and `Application` alone, with adapters of its own.
//
// The adapters here are the smallest that work: a "recording" is a script with times, and "rendering" writes
// down what would be shown. Replace them one by one with your own.

import Application
import Domain

@main
enum Embedding {
    static func main() async throws {
        let clock = ContinuousWallClock()
        let random = SystemRandom()
        let identifiers = IdentifierMaker(clock: clock, random: random)
        let store = InMemoryStore()
        let studio = ScriptedStudio()
        let feed = TaskFeed(store: store, clock: clock)

        let submit = SubmitVideoTask(store: store, catalog: studio, identifiers: identifiers, clock: clock)
        let run = RunVideoTask(
            store: store,
            ports: RunVideoTask.Ports(
                media: studio, inspector: studio, fetcher: studio, audio: studio, transcribers: [studio],
                pictures: studio, finders: [LongestSentence()], renderer: studio, cache: NoCache()),
            feed: feed, identifiers: identifiers, clock: clock, limitSeconds: 3600, rendersAtOnce: 2)

        let command = SubmitVideoTask.Command(
            source: .address("https://video.example/talk.mp4"),
            options: try ClipOptions(count: 1, minDuration: 5, maxDuration: 10))
        guard case .created(let task) = try await submit(command, by: .local) else { return }

        let worker = JobWorker(
            owner: identifiers.make(), handlers: [run], followers: JobFollowers([VideoTaskJobs()]),
            ports: JobWorker.Ports(
                store: store, owners: SoleOwner(), pacemaker: NoRenewal(), clock: clock, random: random),
            settings: JobWorker.Settings())
        let working = Task { try await worker.run() }
        let closed = AsyncStream<VideoTask.Status.Name>.makeStream()
        let subscription = try feed.follow(task.id, by: .local, after: nil) { item in
            if case .closed(let status, _) = item { closed.continuation.yield(status) }
            return true
        }
        let telling = Task { await feed.run() }
        for await status in closed.stream {
            print("task \(status.rawValue)")
            break
        }
        withExtendedLifetime(subscription) {}
        telling.cancel()
        worker.stop()
        try await working.value

        let details = try GetVideoTask(store: store)(task.id, by: .local)
        for clip in details.clips {
            print("clip \(clip.rank): \(clip.highlight.title) (\(clip.highlight.span.duration) s)")
        }
    }
}

import Application
import Domain
import Infrastructure
import Presentation

extension Command {
    /// `cutroom clip`: clips of one video, by the same use cases as a server's, in this process.
    static let clip = Command(
        words: ["clip"],
        summary: "Makes captioned clips of a video, without a server.",
        arguments: [Argument(name: "SOURCE", summary: "a file, or an http(s) address of a file or page")],
        options: Settings.order + [Settings.json.declaration],
        takesServiceSettings: true,
        examples: [
            Example(line: "cutroom clip talk.mp4 --out clips", summary: "the three best moments, upright"),
            Example(
                line: "cutroom clip talk.mp4 --range 0:12-0:48 --range 3:05-3:50",
                summary: "spans of your own"),
            Example(
                line: "cutroom clip talk.mp4 --format vertical,square --captions bold --topic sleep",
                summary: "two shapes of each, about one thing"),
            Example(
                line: "cutroom clip talk.mp4 --subtitles talk.srt --json",
                summary: "your own words, for programs"),
        ]
    ) { invocation in
        let requests = Interruption.requests()
        let order = try Order(invocation)
        let root = try CompositionRoot(invocation)
        // A queue of its own: this process works on this order and on nothing else that waits here. While its
        // owner is present the order stands; when this process is killed, the next one calls it off.
        let owner: Identifier<JobOwner> = root.identifiers.make()
        let presence = try root.owners.enter(owner)
        defer { withExtendedLifetime(presence) {} }
        let queue = Job.privateQueue(of: owner)
        let worker = try root.worker(root.pipeline(), queues: [queue], concurrency: 1)
        let sweeping = Task { await root.sweep() }
        guard case .created(let task) = try await root.submitTask(order.command(for: queue, root), by: .local)
        else {
            throw CommandFailure(line: "the order was answered before")
        }
        let request = try await root.watch(task.id, by: worker, on: invocation.errors, until: requests)
        let details = try GetVideoTask(store: root.store)(task.id, by: .local)
        let files = try ClipFiles(details, media: root.media, folder: invocation.configuration[Settings.out])
        if invocation.configuration[Settings.json] {
            invocation.output.writeDocument(WireDocument.task(details) { files.path(of: $0) })
        } else if details.task.status == .completed {
            invocation.output.write(files.table)
        }
        await sweeping.value
        root.close()
        switch details.task.status {
        case .completed: return .done
        case .failed(let failure): throw CommandFailure(line: failure.message)
        case .cancelled: return request?.status == .interrupted ? .interrupted : .failed
        case .queued, .running: return request?.status ?? .failed
        }
    }
}

extension CompositionRoot {
    /// Works on a task and shows how far it is, until it has ended; who asks for the end cancels it.
    ///
    /// - Returns: Who asked for the end.
    fileprivate func watch(
        _ task: Identifier<VideoTask>, by worker: JobWorker, on terminal: Terminal,
        until requests: AsyncStream<Interruption>
    ) async throws -> Interruption? {
        let (items, continuation) = AsyncStream<TaskFeedItem>.makeStream()
        let subscription = try feed.follow(task, by: .local, after: nil) { item in
            continuation.yield(item)
            if case .closed = item { continuation.finish() }
            return true
        }
        let feeding = Task { [feed] in await feed.run() }
        let working = Task {
            // Without a worker nobody would tell of an end.
            defer { continuation.finish() }
            try await worker.run()
        }
        let cancelling = Task { [store, clock] () -> Interruption? in
            for await request in requests {
                _ = try? await CancelVideoTask(store: store, clock: clock)(task, by: .local)
                return request
            }
            return nil
        }
        var bar = ProgressBar(on: terminal)
        for await item in items {
            guard let standing = item.standing, let text = bar.update(standing, width: terminal.width) else {
                continue
            }
            terminal.write(text)
        }
        if let text = bar.clear() { terminal.write(text) }
        withExtendedLifetime(subscription) {}
        cancelling.cancel()
        worker.stop()
        feeding.cancel()
        do {
            try await working.value
        } catch {
            // Nobody else takes jobs of this process's queue.
            _ = try? await CancelVideoTask(store: store, clock: clock)(task, by: .local)
            throw error
        }
        return await cancelling.value
    }
}

extension TaskFeedItem {
    /// What a bar shows of it.
    fileprivate var standing: ProgressBar.Standing? {
        let (snapshot, secondsLeft): (TaskSnapshot, Double?)
        switch self {
        case .status(let status, _): (snapshot, secondsLeft) = (status, nil)
        case .progress(let progress, let left): (snapshot, secondsLeft) = (progress, left)
        case .clipReady, .closed, .dismissed: return nil
        }
        return ProgressBar.Standing(
            stage: snapshot.stage?.rawValue ?? snapshot.status.rawValue, percent: snapshot.progress,
            message: snapshot.message, secondsLeft: secondsLeft)
    }
}

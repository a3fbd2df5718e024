import Application
import Domain
import Glibc
import Presentation
import Synchronization

/// Serves event streams of `--tasks` tasks and tells each task's followers something once a second: the tasks in
/// turn, evenly over the second, or with `--burst 1` all of them in the same moment.
///
/// Streams go through the feed and the server as in production; the message of each progress is the moment at
/// which it was told, so that the other end can see how long it took.
func streamServer(_ options: Options) async throws {
    let store = InMemoryStore()
    let clock = InMemoryClock()
    let feed = TaskFeed(store: store, clock: clock)
    let identifiers = IdentifierMaker(clock: clock, random: SeededRandomSource(seed: 1))
    let submit = SubmitVideoTask(
        store: store, catalog: FixedCaptionCatalog(templates: []), identifiers: identifiers, clock: clock)
    var tasks: [VideoTask] = []
    for _ in 0..<options.number("tasks") {
        let command = SubmitVideoTask.Command(
            source: .address("https://video.example/talk.mp4"), options: try ClipOptions(captionTemplate: nil)
        )
        if case .created(let task) = try await submit(command, by: .local) { tasks.append(task) }
    }

    var configuration = HTTPServerConfiguration()
    configuration.port = 0
    configuration.maximumConnections = 20_000
    let server = HTTPServer(configuration, refuse: { _, status, _, _ in HTTPResponse(status) }) { request in
        guard let id = Identifier<VideoTask>(String(request.path.dropFirst())),
            let channel = try? follow(id, in: feed)
        else { return HTTPResponse(.notFound) }
        return .events(channel)
    }
    try answer(["port": Double(try server.start())])
    for task in tasks { print(task.id) }
    fflush(nil)

    let isBurst = options.values["burst"] == "1"
    let began = ContinuousClock.now
    for second in 1...options.number("seconds") {
        for (number, task) in tasks.enumerated() {
            let share = isBurst ? 0 : Double(number) / Double(tasks.count)
            try await Task.sleep(until: began + .seconds(Double(second) + share))
            let snapshot = TaskSnapshot(
                task: task.id, status: .running, stage: .rendering, progress: Double(second),
                message: "\(microseconds())")
            feed.report(snapshot, secondsLeft: nil)
        }
    }
    try await Task.sleep(for: .seconds(2))
    await server.stop(within: .seconds(1))
}

private func follow(_ id: Identifier<VideoTask>, in feed: TaskFeed) throws -> EventChannel {
    let channel = EventChannel()
    let subscription = try feed.follow(id, by: .local, after: nil) { item in
        guard case .progress(let snapshot, _) = item else { return true }
        return channel.send(
            ServerSentEvent(event: "progress", id: nil, data: "{\"message\":\"\(snapshot.message)\"}").encoded
        )
    }
    channel.onClose { Task { withExtendedLifetime(subscription) {} } }
    return channel
}

/// The wall clock in microseconds, which two processes share.
func microseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
}

import Application
import Domain
import Infrastructure
import Synchronization

/// The ceiling of durable orders: the unit of work of `POST /tasks` without HTTP, from `--writers` at once.
func commits(_ options: Options) async throws {
    let store = try SQLiteStore(path: options.text("data") + "/cutroom.sqlite")
    let submit = try orders(in: store)
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(options.number("seconds"))
    let began = clock.now
    let count = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<options.number("writers") {
            group.addTask {
                var count = 0
                while clock.now < deadline {
                    _ = try await submit()
                    count += 1
                }
                return count
            }
        }
        return try await group.reduce(0, +)
    }
    try answer(["rate": Double(count) / (clock.now - began).inSeconds])
}

/// Makes orders as clients do.
func orders(in store: SQLiteStore) throws -> @Sendable () async throws -> VideoTask {
    let submit = SubmitVideoTask(
        store: store, catalog: FixedCaptionCatalog(templates: []),
        identifiers: IdentifierMaker(clock: SystemClock(), random: SystemRandomSource()), clock: SystemClock()
    )
    let command = SubmitVideoTask.Command(
        source: .address("https://video.example/talk.mp4"), options: try ClipOptions(captionTemplate: nil))
    return {
        guard case .created(let task) = try await submit(command, by: .local) else {
            throw PortError.conflict("repeated")
        }
        return task
    }
}

import Application
import Domain
import Infrastructure
import Synchronization

/// The ceiling of durable orders: the unit of work of `POST /tasks` without HTTP, from `--writers` at once.
///
/// With `--users` they are orders of so many people, `--row` of each in a row, with the hold of its price unless
/// `--free` is 1; else of the local user.
func commits(_ options: Options) async throws {
    let store = try SQLiteStore(path: options.text("data") + "/cutroom.sqlite")
    let members = try await members(options.number("users", else: 0), of: store)
    let submit = try orders(
        in: store, by: members, inARow: options.number("row", else: 1),
        areFree: options.number("free", else: 0) == 1)
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

/// Makes orders as clients do: some of one person and then of the next, or of the local user when there is nobody.
func orders(in store: SQLiteStore, by members: [Caller], inARow row: Int, areFree: Bool) throws
    -> @Sendable () async throws -> VideoTask
{
    let submit = SubmitVideoTask(
        store: store, catalog: FixedCaptionCatalog(templates: []),
        identifiers: IdentifierMaker(clock: SystemClock(), random: SystemRandomSource()),
        clock: SystemClock(),
        billing: members.isEmpty || areFree
            ? nil : Billing(tariff: Tariff(limitSeconds: 3600), calendar: ZoneCalendar()))
    let turn = Turn()
    let command = SubmitVideoTask.Command(
        source: .address("https://video.example/talk.mp4"), options: try ClipOptions(captionTemplate: nil))
    return {
        let caller = members.isEmpty ? .local : members[turn.next() / row % members.count]
        guard case .created(let task) = try await submit(command, by: caller) else {
            throw PortError.conflict("repeated")
        }
        return task
    }
}

/// Counts.
private final class Turn: Sendable {
    private let count = Atomic(0)

    func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).oldValue }
}

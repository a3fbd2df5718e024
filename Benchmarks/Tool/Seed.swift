import Application
import Domain
import Glibc
import Infrastructure

/// Fills a store with `--tasks` tasks and writes their identifiers to `--ids`, one a line.
func seed(_ options: Options) async throws {
    let store = try SQLiteStore(path: options.text("data") + "/cutroom.sqlite")
    let count = options.number("tasks")
    let identifiers = IdentifierMaker(clock: SystemClock(), random: SystemRandomSource())
    let wanted = try ClipOptions()
    guard let file = fopen(options.text("ids"), "w") else { throw PortError.unavailable("the file of ids") }
    defer { fclose(file) }
    for start in stride(from: 0, to: count, by: 1000) {
        let now = SystemClock().now()
        let tasks = try (start..<min(start + 1000, count)).map { _ in
            try VideoTask(
                id: identifiers.make(), owner: User.local, title: nil,
                source: .address("https://video.example/talk.mp4"), captions: nil, filename: "talk.mp4",
                options: wanted, createdAt: now)
        }
        try await store.write { writer in
            for task in tasks {
                try writer.taskWriter.insert(task)
                try writer.announce([.statusChanged], of: task)
            }
        }
        for task in tasks { fputs("\(task.id)\n", file) }
    }
    try answer(["tasks": Double(count)])
}

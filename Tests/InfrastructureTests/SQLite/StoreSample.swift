import Domain
import Infrastructure

/// Runs `body` with a new, empty store.
@discardableResult
func withStore<Value>(_ body: (SQLiteStore) async throws -> Value) async throws -> Value {
    try await withTemporaryFolder { folder in
        let store = try SQLiteStore(path: folder + "/store.db")
        defer { store.database.close() }
        return try await body(store)
    }
}

/// Values for a store.
enum StoreSample {
    static let now = Timestamp(milliseconds: 1_790_000_000_000)

    static func id<Subject>(_ number: Int) -> Identifier<Subject> {
        Identifier(
            at: Timestamp(milliseconds: now.milliseconds + Int64(number)), randomness: (UInt64(number), 1))
    }

    static func task(_ number: Int, source: VideoTask.Source = .address("https://example.org/a.mp4")) throws
        -> VideoTask
    {
        try VideoTask(
            id: id(number), owner: User.local, title: "Task \(number)", source: source, captions: nil,
            filename: "a.mp4",
            options: ClipOptions(topic: "bees"), createdAt: now)
    }

    static func job(
        _ number: Int, about task: VideoTask? = nil, queue: String = "default", dueAt: Timestamp? = nil
    )
        -> Job
    {
        Job(
            id: id(number), owner: task?.owner, kind: "test", subject: task.map { Identifier($0.id) },
            queue: queue,
            uniqueKey: task.map { "\($0.id)" }, dueAt: dueAt, now: now)
    }

    static func file(_ number: Int) -> MediaFile {
        MediaFile(
            id: id(number), bytes: Int64(1000 + number),
            hash: ContentHash(bytes: [UInt8](repeating: UInt8(number & 0xFF), count: 32))!)
    }

    static func clip(_ number: Int, of task: VideoTask, rank: Int, fails: Bool = false) -> Clip {
        let highlight = Highlight(
            span: TimeSpan(start: 1, end: 20), title: "“Why?”", text: "Why bees dance",
            score: HighlightScore(hook: 20, engagement: 15, value: 10, shareability: 5), hookType: .question,
            reasoning: "It asks.")
        let rendition = Clip.Rendition(
            format: .vertical, file: file(number), size: PictureSize(width: 1080, height: 1920), duration: 19)
        return Clip(
            id: id(number), task: task.id, rank: rank, highlight: highlight,
            outcome: fails
                ? .failed(TaskFailure(code: "program_failed", message: "ffmpeg", stage: .rendering))
                : .rendered([rendition], thumbnail: file(number + 1)))
    }
}

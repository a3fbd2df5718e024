internal import Application
internal import Domain

/// How the messages of a task's stream stand on the wire.
enum FeedWire {
    /// Where the task stands; the data of `status` and of `progress`.
    struct Standing: Sendable {
        let snapshot: TaskSnapshot
        let secondsLeft: Double?
    }

    static let standing = JSONOutput<Standing>.object(
        "ProgressEvent", "How far a task is: the data of `status` and `progress`.",
        [
            JSONField("task_id", .identifier(), "The task.") { $0.snapshot.task },
            JSONField("status", .name, "Where it stands.", example: "running") { $0.snapshot.status },
            JSONField("stage", .nullable(.name), "The stage it is at.", example: "rendering") {
                $0.snapshot.stage
            },
            JSONField("progress", .number(0...100), "How far it is.", example: 71.5) { $0.snapshot.progress },
            JSONField("message", .text, "What is being done.") { $0.snapshot.message },
            .optional(
                "eta_seconds", .amount, "How many seconds are left, if that can be guessed.", example: 14
            ) {
                $0.secondsLeft
            },
        ])

    static let clipReady = JSONOutput<Clip>.object(
        "ClipReadyEvent", "A clip is there: the data of `clip_ready`.",
        [
            JSONField("clip", ClipWire.clip, "The clip.") { ClipWire.Shown(clip: $0, paths: nil) }
        ])

    static let close = JSONOutput<VideoTask.Status.Name>.object(
        "CloseEvent", "The task ended and so does the stream: the data of `close`.",
        [JSONField("status", .name, "How it ended.", example: "completed") { $0 }])

    /// The messages: their names, whether they have a number, and what they hold.
    private static let messages: [(name: String, isNumbered: Bool, data: JSONSchema)] = [
        ("status", true, standing.schema), ("progress", false, standing.schema),
        ("clip_ready", true, clipReady.schema), ("close", true, close.schema),
    ]

    /// Any message as an event of a stream: which fields there are, and what their data hold.
    static let event = JSONSchema.oneOf(
        messages.map { event($0.name, isNumbered: $0.isNumbered, data: $0.data) })

    /// Any message as the text of a WebSocket frame.
    static let frame = JSONSchema.oneOf(
        messages.map { frame($0.name, isNumbered: $0.isNumbered, data: $0.data) }
    )
    .described("A message over a WebSocket: the JSON of one text frame.").named("TaskFrame")

    private static func frame(_ name: String, isNumbered: Bool, data: JSONSchema) -> JSONSchema {
        let number = JSONSchema.Property(
            "id", .integer(0, nil).described("The number of what has happened."), required: true)
        return .object(
            [JSONSchema.Property("event", .string(oneOf: [name]), required: true)]
                + (isNumbered ? [number] : []) + [JSONSchema.Property("data", data, required: true)])
    }

    /// Progress has no number; parsers of streams show with it that of the event before.
    private static func event(_ name: String, isNumbered: Bool, data: JSONSchema) -> JSONSchema {
        .object([
            JSONSchema.Property("event", .string(oneOf: [name]), required: true),
            JSONSchema.Property(
                "id", .string(pattern: "^[0-9]{1,18}$").described("By what it can be asked for again."),
                required: isNumbered),
            JSONSchema.Property("data", .string(holding: data), required: true),
        ])
    }

    /// A message as it goes over the wire, whatever carries it.
    struct Message: Sendable {
        /// Its name.
        let event: String
        /// The outbox number by which it can be asked for again; nil for progress.
        let id: Int64?
        /// Its JSON.
        let data: [UInt8]
    }

    /// The message that tells of an item; nil for what is told by the end of the stream alone.
    static func message(_ item: TaskFeedItem) -> Message? {
        switch item {
        case .status(let snapshot, let number):
            Message(
                event: "status", id: number,
                data: standing.encode(Standing(snapshot: snapshot, secondsLeft: nil), capacity: 256))
        case .progress(let snapshot, let secondsLeft):
            Message(
                event: "progress", id: nil,
                data: standing.encode(Standing(snapshot: snapshot, secondsLeft: secondsLeft), capacity: 256))
        case .clipReady(let clip, let number):
            Message(event: "clip_ready", id: number, data: clipReady.encode(clip))
        case .closed(let status, let number):
            Message(event: "close", id: number, data: close.encode(status, capacity: 64))
        case .dismissed: nil
        }
    }
}

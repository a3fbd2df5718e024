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

    /// Any message as an event of a stream: which fields there are, and what their data hold.
    static let event = JSONSchema.oneOf([
        event("status", isNumbered: true, data: standing.schema),
        event("progress", isNumbered: false, data: standing.schema),
        event("clip_ready", isNumbered: true, data: clipReady.schema),
        event("close", isNumbered: true, data: close.schema),
    ])

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

    static func message(_ item: TaskFeedItem) -> Message {
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
        }
    }
}

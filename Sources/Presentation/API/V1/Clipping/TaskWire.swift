internal import Application
internal import Domain

/// How tasks stand on the wire.
enum TaskWire {
    /// A task with its clips, and where on this machine their files are; only the command line says that.
    ///
    /// A class, since every field is handed the whole of it and a task is large.
    final class Shown: Sendable {
        let task: VideoTask
        let clips: [Clip]
        let clipCount: Int
        let paths: ClipWire.Paths?

        init(_ details: consuming TaskDetails, paths: ClipWire.Paths? = nil) {
            clipCount = details.clips.count
            self.paths = paths
            clips = details.clips
            task = details.task
        }

        init(_ listing: TaskListing) {
            task = listing.task
            clips = []
            clipCount = listing.clipCount
            paths = nil
        }
    }

    /// The whole state of a task.
    static let task = JSONOutput<Shown>.object(
        "Task", "An order for clips of a source, and what became of it.",
        beginning + [
            JSONField("options", OptionsWire.output, "What is wanted.") { $0 },
            JSONField("summary", .nullable(.text), "What the source is about.") { $0.task.summary },
            keyTopics,
            JSONField("clips", .list(of: ClipWire.clip), "The clips so far, best first.") { shown in
                shown.clips.map { ClipWire.Shown(clip: $0, paths: shown.paths) }
            },
        ] + times)

    /// One line of the list of tasks.
    static let item = JSONOutput<Shown>.object(
        "TaskItem", "A task as the list shows it.",
        beginning + [
            keyTopics,
            JSONField("clip_count", .count, "How many clips it has.", example: 3) { $0.clipCount },
        ] + times)

    /// A page of the list of tasks.
    static let page: JSONOutput<Page<TaskListing, Identifier<VideoTask>>> = PageWire.page(
        "TaskPage", "A page of the list of tasks, newest first.", of: item.of { Shown($0) })

    private static let beginning: [JSONField<Shown>] = [
        JSONField("id", .identifier(), "Its identifier.") { $0.task.id },
        JSONField("title", .text, "What people call it.", example: "Launch talk") { $0.task.title },
        JSONField("status", .name, "Where it stands.", example: "running") { $0.task.status.name },
        JSONField("stage", .nullable(.name), "The stage it is at.", example: "rendering") {
            $0.task.stage
        },
        JSONField("progress", .number(0...100), "How far it is, over all stages.", example: 71.5) {
            $0.task.progress
        },
        JSONField("message", .text, "What is being done.", example: "rendering clip 2 of 3") {
            $0.task.message
        },
        JSONField("error", .nullable(FailureWire.failure), "Why it failed.") { $0.task.failure },
        JSONField("attempts", .count, "How often a worker has begun it.", example: 1) {
            $0.task.attempts
        },
        JSONField("timings", timings, "How many seconds each finished stage took.") { $0.task.timings },
        JSONField("source", source, "Where the source comes from and what it is.") { $0 },
    ]

    private static let keyTopics = JSONField<Shown>(
        "key_topics", .list(of: .text), "The topics it turns on."
    ) { $0.task.keyTopics }

    private static let times: [JSONField<Shown>] = [
        JSONField("created_at", .moment, "When it was ordered.") { $0.task.createdAt },
        JSONField("started_at", .nullable(.moment), "When a worker first began it.") {
            $0.task.startedAt
        },
        JSONField("completed_at", .nullable(.moment), "When it ended, in whatever way.") {
            $0.task.completedAt
        },
    ]

    private static let timings = JSONOutput<[Stage: Double]>.object(
        "Timings", "Seconds by stage; a stage that has not finished is absent.",
        Stage.allCases.map { stage in
            .optional(stage.rawValue, .amount, "Seconds that \(stage.rawValue) took.", example: 4.2) {
                $0[stage]
            }
        })

    private enum SourceKind: String, CaseIterable, Sendable {
        case upload, url, path
    }

    private static let source = JSONOutput<Shown>.object(
        "Source", "Where a source comes from and what it is.",
        [
            JSONField("kind", .name, "How it was given.", example: "upload") { shown -> SourceKind in
                switch shown.task.source {
                case .upload: .upload
                case .address: .url
                case .path: .path
                }
            },
            .optional("url", .text, "The address, for kind url.", example: "https://example.org/talk.mp4") {
                if case .address(let address) = $0.task.source { address } else { nil }
            },
            .optional("upload_id", .identifier(), "The upload, for kind upload.") {
                if case .upload(let id) = $0.task.source { id } else { nil }
            },
            JSONField("filename", .text, "Its name.", example: "talk.mp4") { $0.task.filename },
            JSONField("media", .nullable(MediaWire.facts), "What was found in it, null until it is here.") {
                $0.task.acquired?.facts
            },
        ])
}

/// How pages of lists stand on the wire.
enum PageWire {
    /// What every list answers.
    static func page<Item: Sendable, Subject>(
        _ name: String, _ doc: String, of item: JSONOutput<Item>
    ) -> JSONOutput<Page<Item, Identifier<Subject>>> {
        .object(
            name, doc,
            [
                JSONField("items", .list(of: item), "The items of this page.") { $0.items },
                JSONField(
                    "next_cursor", .nullable(JSONOutput(.cursor) { $1.cursor($0) }),
                    "What to ask for the next page with; null when this is the last one."
                ) { $0.next },
            ])
    }
}

extension JSONSchema {
    /// A place in a list, of which clients know nothing but that it is one.
    static var cursor: Self { .string(length: 22...22, pattern: "^[A-Za-z0-9_-]{21}[AQgw]$") }
}

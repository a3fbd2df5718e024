internal import Application
internal import Domain

/// How tasks stand on the wire.
enum TaskWire {
    /// A task with its clips, and where on this machine their files are; only the command line says that.
    struct Shown: Sendable {
        let task: VideoTask
        let clips: [Clip]
        let paths: ClipWire.Paths?

        init(_ details: TaskDetails, paths: ClipWire.Paths? = nil) {
            task = details.task
            clips = details.clips
            self.paths = paths
        }
    }

    /// The whole state of a task.
    static let task = JSONOutput<Shown>.object(
        "Task", "An order for clips of a source, and what became of it.",
        beginning { $0.task } + [
            JSONField("options", OptionsWire.output, "What is wanted.") { $0.task.options },
            JSONField("summary", .nullable(.text), "What the source is about.") { $0.task.summary },
            JSONField("key_topics", .list(of: .text), "The topics it turns on.") {
                $0.task.keyTopics
            },
            JSONField("clips", .list(of: ClipWire.clip), "The clips so far, best first.") { shown in
                shown.clips.map { ClipWire.Shown(clip: $0, paths: shown.paths) }
            },
        ] + times { $0.task })

    /// One line of the list of tasks.
    static let item = JSONOutput<TaskListing>.object(
        "TaskItem", "A task as the list shows it.",
        beginning { $0.task } + [
            JSONField("clip_count", .count, "How many clips it has.", example: 3) { $0.clipCount }
        ] + times { $0.task })

    /// A page of the list of tasks.
    static let page: JSONOutput<Page<TaskListing, Identifier<VideoTask>>> = PageWire.page(
        "TaskPage", "A page of the list of tasks, newest first.", of: item)

    private static func beginning<Value>(_ task: @escaping @Sendable (Value) -> VideoTask)
        -> [JSONField<Value>]
    {
        [
            JSONField("id", .identifier(), "Its identifier.") { task($0).id },
            JSONField("title", .text, "What people call it.", example: "Launch talk") { task($0).title },
            JSONField("status", .name, "Where it stands.", example: "running") { task($0).status.name },
            JSONField("stage", .nullable(.name), "The stage it is at.", example: "rendering") {
                task($0).stage
            },
            JSONField("progress", .number(0...100), "How far it is, over all stages.", example: 71.5) {
                task($0).progress
            },
            JSONField("message", .text, "What is being done.", example: "rendering clip 2 of 3") {
                task($0).message
            },
            JSONField("error", .nullable(FailureWire.failure), "Why it failed.") { task($0).failure },
            JSONField("attempts", .count, "How often a worker has begun it.", example: 1) {
                task($0).attempts
            },
            JSONField("timings", timings, "How many seconds each finished stage took.") { task($0).timings },
            JSONField("source", source, "Where the source comes from and what it is.") { task($0) },
        ]
    }

    private static func times<Value>(_ task: @escaping @Sendable (Value) -> VideoTask) -> [JSONField<Value>] {
        [
            JSONField("created_at", .moment, "When it was ordered.") { task($0).createdAt },
            JSONField("started_at", .nullable(.moment), "When a worker first began it.") {
                task($0).startedAt
            },
            JSONField("completed_at", .nullable(.moment), "When it ended, in whatever way.") {
                task($0).completedAt
            },
        ]
    }

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

    private static let source = JSONOutput<VideoTask>.object(
        "Source", "Where a source comes from and what it is.",
        [
            JSONField("kind", .name, "How it was given.", example: "upload") { task -> SourceKind in
                switch task.source {
                case .upload: .upload
                case .address: .url
                case .path: .path
                }
            },
            .optional("url", .text, "The address, for kind url.", example: "https://example.org/talk.mp4") {
                if case .address(let address) = $0.source { address } else { nil }
            },
            .optional("upload_id", .identifier(), "The upload, for kind upload.") {
                if case .upload(let id) = $0.source { id } else { nil }
            },
            JSONField("filename", .text, "Its name.", example: "talk.mp4") { $0.filename },
            JSONField("media", .nullable(MediaWire.facts), "What was found in it, null until it is here.") {
                $0.acquired?.facts
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
    static var cursor: Self { .string(length: 22...22, pattern: "^[A-Za-z0-9_-]{22}$") }
}

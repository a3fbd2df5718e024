internal import Application
internal import Domain

/// Ordering clips and looking after the orders.
struct TaskRoutes: Sendable {
    private let can: Capabilities

    init(_ capabilities: Capabilities) {
        can = capabilities
    }

    var all: [Route] { [create, preview, list, show, rename, delete, cancel, resume, transcript] }

    /// Where a task is found.
    static func address(of id: Identifier<VideoTask>) -> String { "/api/v1/tasks/\(id)" }

    /// What one can do with a task once it is known.
    private static let links = [
        "getTask", "renameTask", "cancelTask", "resumeTask", "getTaskEvents", "getTaskProgress",
        "getTaskSocket", "getTaskTranscript", "listTaskNotifications", "listClips", "getClipArchive",
        "deleteTask",
    ].map { Link(to: $0, [("id", "$response.body#/id")]) }

    private var create: Route {
        Route(
            .post, "/api/v1/tasks", for: can.callers(.tasksWrite),
            Operation(
                "createTask", tag: "tasks", "Order clips of a video",
                doc: "The task and its job are on disk when this is answered.",
                responses: [
                    .json(.created, "The task.", TaskWire.task, fields: [.location], links: Self.links)
                ],
                problems: [.notFound, .conflict, .keyReused] + can.planRefusals),
            Parameters.idempotencyKey,
            json: SubmissionWire.input(templates: can.catalog.templates.map(\.name))
        ) { _, caller, raw, command, key in
            let repetition = key.map { key in
                SubmitVideoTask.Repetition(
                    route: "POST /api/v1/tasks", key: key, fingerprint: can.digest(raw),
                    answer: { (HTTPStatus.created.code, Self.address(of: $0.id), Self.body(of: $0)) })
            }
            switch try await can.submitTask(command, by: caller, repetition: repetition) {
            case .created(let task):
                return Self.created(.created, location: Self.address(of: task.id), Self.body(of: task))
            case .repeated(let answer):
                return Self.created(HTTPStatus(answer.status), location: answer.location, answer.body)
            }
        }
    }

    private var preview: Route {
        Route(
            .post, "/api/v1/tasks:preview", for: can.callers(.tasksWrite),
            Operation(
                "previewTask", tag: "tasks", "Tell what an order would cost, and whether it would be taken",
                doc:
                    "Takes what `createTask` takes, and writes nothing. Without accounts everything is free.",
                responses: [.json(.ok, "Price, balance and refusals.", PreviewWire.preview)],
                problems: [.notFound] + can.callerRefusals),
            json: SubmissionWire.input(templates: can.catalog.templates.map(\.name))
        ) { _, caller, _, command in
            .json(.ok, PreviewWire.preview, try await can.previewTask(command, by: caller))
        }
    }

    private static func body(of task: VideoTask) -> [UInt8] {
        TaskWire.task.encode(TaskWire.Shown(TaskDetails(task: task, clips: [])))
    }

    private static func created(_ status: HTTPStatus, location: String, _ body: [UInt8]) -> HTTPResponse {
        var response = HTTPResponse(status, body, type: "application/json")
        response.fields["Location"] = location
        return response
    }

    private var list: Route {
        Route(
            .get, "/api/v1/tasks", for: can.callers(.tasksRead),
            Operation(
                "listTasks", tag: "tasks", "List the tasks, newest first",
                responses: [
                    .json(
                        .ok, "A page of tasks.", TaskWire.page,
                        links: [Link(to: "getTask", [("id", "$response.body#/items/0/id")])])
                ]),
            Parameter<VideoTask.Status.Name?>.query("status", "Only tasks that stand there."),
            Parameters.limit(),
            Parameters.cursor() as Parameter<Identifier<VideoTask>?>
        ) { _, caller, status, limit, cursor in
            let page = try can.listTasks(by: caller, status: status, limit: limit, before: cursor)
            return .json(.ok, TaskWire.page, page, capacity: 1024 * (page.items.count + 1))
        }
    }

    private var show: Route {
        Route(
            .get, "/api/v1/tasks/{id}", for: can.callers(.tasksRead),
            Operation(
                "getTask", tag: "tasks", "Show the whole state of a task",
                responses: [.json(.ok, "The task.", TaskWire.task)]),
            Parameters.task
        ) { _, caller, id in
            .task(try can.getTask(id, by: caller))
        }
    }

    private var rename: Route {
        Route(
            .patch, "/api/v1/tasks/{id}", for: can.callers(.tasksWrite),
            Operation(
                "renameTask", tag: "tasks", "Give a task another title",
                responses: [.json(.ok, "The task.", TaskWire.task)], problems: [.conflict]),
            Parameters.task, json: SubmissionWire.patch
        ) { _, caller, _, title, id in
            .task(try await can.renameTask(id, title: title, by: caller))
        }
    }

    private var delete: Route {
        Route(
            .delete, "/api/v1/tasks/{id}", for: can.callers(.tasksWrite),
            Operation(
                "deleteTask", tag: "tasks", "Remove a task with its jobs and files",
                doc: "A task that has not ended is cancelled first.",
                responses: [ResponseDeclaration(.noContent, "It is gone.")], problems: [.conflict]),
            Parameters.task
        ) { _, caller, id in
            try await can.deleteTask(id, by: caller)
            return HTTPResponse(.noContent)
        }
    }

    private var cancel: Route {
        Route(
            .post, "/api/v1/tasks/{id}/cancel", for: can.callers(.tasksWrite),
            Operation(
                "cancelTask", tag: "tasks", "Stop a task",
                doc: "Running programs are killed within a second. Cancelling again changes nothing.",
                responses: [.json(.ok, "The task.", TaskWire.task)], problems: [.conflict]),
            Parameters.task
        ) { _, caller, id in
            .task(try await can.cancelTask(id, by: caller))
        }
    }

    private var resume: Route {
        Route(
            .post, "/api/v1/tasks/{id}/resume", for: can.callers(.tasksWrite),
            Operation(
                "resumeTask", tag: "tasks", "Let a failed or cancelled task go on",
                doc: "It goes on at the first stage whose result is missing, and holds its price again.",
                responses: [.json(.ok, "The task.", TaskWire.task)],
                problems: [.conflict] + can.planRefusals),
            Parameters.task
        ) { _, caller, id in
            .task(try await can.resumeTask(id, by: caller))
        }
    }

    private enum TranscriptForm: String, CaseIterable, Sendable {
        case json, srt, vtt, txt
    }

    private var transcript: Route {
        Route(
            .get, "/api/v1/tasks/{id}/transcript", for: can.callers(.tasksRead),
            Operation(
                "getTaskTranscript", tag: "tasks", "Show what is said in a task's source",
                responses: [
                    ResponseDeclaration(
                        .ok, "The transcript.",
                        [
                            BodyDeclaration.Content("application/json", TranscriptWire.transcript.schema),
                            BodyDeclaration.Content(CaptionOutput.srt.mediaType, .string()),
                            BodyDeclaration.Content(CaptionOutput.vtt.mediaType, .string()),
                            BodyDeclaration.Content(CaptionOutput.txt.mediaType, .string()),
                        ])
                ],
                problems: [.notReady]),
            Parameters.task, Parameter<TranscriptForm?>.query("as", "The form; json when it is missing.")
        ) { _, caller, id, form in
            let transcript = try can.getTranscript(id, by: caller)
            let form = form ?? .json
            guard let output = CaptionOutput(rawValue: form.rawValue) else {
                return .json(.ok, TranscriptWire.transcript, transcript, capacity: 128 * 1024)
            }
            return .captions(transcript.file(as: output), output)
        }
    }
}

extension HTTPResponse {
    /// Answers with a task.
    fileprivate static func task(_ details: consuming TaskDetails) -> HTTPResponse {
        let shown = TaskWire.Shown(details)
        return .json(.ok, TaskWire.task, shown, capacity: 1536 + 1536 * shown.clipCount)
    }

    /// Answers with a caption file.
    static func captions(_ text: String, _ form: CaptionOutput) -> HTTPResponse {
        HTTPResponse(.ok, text: text, type: "\(form.mediaType); charset=utf-8")
    }
}

extension CaptionOutput {
    /// The media type of its files.
    var mediaType: String {
        switch self {
        case .srt: "application/x-subrip"
        case .vtt: "text/vtt"
        case .txt: "text/plain"
        }
    }
}

import Application
import Domain
import Testing

@Suite("Use cases know who calls")
struct OwnershipTests {
    /// A use case as some caller calls it.
    struct Call: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let scope: Scope
        /// What someone finds to whom nothing of it belongs; nil where nothing is looked up.
        let absence: NotFound?
        let call: @Sendable (Workshop, VideoTask, Job, Caller) async throws -> Void

        init(
            _ name: String, _ scope: Scope, absence: NotFound? = .task,
            call: @escaping @Sendable (Workshop, VideoTask, Job, Caller) async throws -> Void
        ) {
            (testDescription, self.scope, self.absence, self.call) = (name, scope, absence, call)
        }
    }

    static let calls: [Call] = [
        Call("submit", .tasksWrite, absence: nil) { workshop, _, _, caller in
            _ = try await workshop.submit(try order(.address("https://a.example/v.mp4")), by: caller)
        },
        Call("list", .tasksRead, absence: nil) { workshop, _, _, caller in
            let listed = try ListVideoTasks(store: workshop.store)(by: caller).items
            #expect(listed.isEmpty == (caller.user != owner))
        },
        Call("show", .tasksRead) { workshop, task, _, caller in
            _ = try GetVideoTask(store: workshop.store)(task.id, by: caller)
        },
        Call("rename", .tasksWrite) { workshop, task, _, caller in
            _ = try await RenameVideoTask(store: workshop.store)(task.id, title: "Mine", by: caller)
        },
        Call("cancel", .tasksWrite) { workshop, task, _, caller in
            _ = try await workshop.cancel(task.id, by: caller)
        },
        Call("resume", .tasksWrite) { workshop, task, _, caller in
            _ = try await workshop.resume(task.id, by: caller)
        },
        Call("delete", .tasksWrite) { workshop, task, _, caller in
            try await workshop.delete(task.id, by: caller)
        },
        Call("show a clip", .tasksRead) { workshop, task, _, caller in
            _ = try GetClip(store: workshop.store, media: workshop.studio)(
                workshop.identifiers.make(), of: task.id, by: caller)
        },
        Call("show a clip's words", .tasksRead) { workshop, task, _, caller in
            let clip = Clip(
                id: workshop.identifiers.make(), task: task.id, rank: 1,
                highlight: Highlight(
                    span: TimeSpan(start: 0, end: 1), title: "", text: "",
                    score: HighlightScore(hook: 0, engagement: 0, value: 0, shareability: 0),
                    hookType: .question, reasoning: ""),
                outcome: .failed(TaskFailure(code: "", message: "", stage: nil)))
            _ = try GetClip(store: workshop.store, media: workshop.studio).words(of: clip, by: caller)
        },
        Call("pack the clips", .tasksRead) { workshop, task, _, caller in
            _ = try GetClipArchive(store: workshop.store, media: workshop.studio)(task.id, by: caller)
        },
        Call("show the transcript", .tasksRead) { workshop, task, _, caller in
            _ = try GetTranscript(store: workshop.store)(task.id, by: caller)
        },
        Call("follow", .tasksRead) { workshop, task, _, caller in
            _ = try workshop.feed.follow(task.id, by: caller, after: nil) { _ in true }
        },
        Call("count", .tasksRead, absence: nil) { workshop, _, _, caller in
            let counted = try GetStatistics(store: workshop.store)(by: caller)
            #expect(counted.store.tasks.isEmpty == (caller.user != owner))
            #expect(counted.jobs.isEmpty == (caller.user != owner))
        },
        Call("count the server", .admin, absence: nil) { workshop, _, _, caller in
            let counted = try GetStatistics(store: workshop.store).ofServer(by: caller)
            #expect(counted.store.tasks == [.queued: 1])
        },
        Call("hand in", .uploadsWrite, absence: nil) { workshop, _, _, caller in
            _ = try workshop.receive.begin(filename: "a.mp4", by: caller)
        },
        Call("list jobs", .jobsRead, absence: nil) { workshop, _, _, caller in
            let seen = try ListJobs(store: workshop.store)(by: caller).items.map(\.owner)
            #expect(seen == (caller.may(.admin) ? [nil, owner] : caller.user == owner ? [owner] : []))
        },
        Call("show a job", .jobsRead, absence: .job) { workshop, _, job, caller in
            _ = try GetJob(store: workshop.store)(job.id, by: caller)
        },
        Call("cancel a job", .jobsWrite, absence: .job) { workshop, _, job, caller in
            try await CancelJob(store: workshop.store, followers: JobFollowers(), clock: workshop.clock)(
                job.id, by: caller)
        },
        Call("retry a job", .jobsWrite, absence: .job) { workshop, _, job, caller in
            try await RetryJob(store: workshop.store, followers: JobFollowers(), clock: workshop.clock)(
                job.id, by: caller)
        },
        Call("transcribe", .tasksWrite, absence: .upload) { workshop, _, _, caller in
            // The local user's.
            let upload = try await workshop.upload("talk.mp4")
            _ = try await workshop.transcribe(
                TranscribeRecording.Command(source: .upload(upload.id)), by: caller
            ) { _, _ in }
        },
    ]

    static let owner = Identifier<User>(high: 1, low: 1)

    private static func order(_ source: VideoTask.Source) throws -> SubmitVideoTask.Command {
        SubmitVideoTask.Command(source: source, options: try ClipOptions())
    }

    private static func signedIn(_ number: UInt64, _ role: Role = .user) -> Caller {
        Caller(
            user: Identifier(high: 1, low: number), role: role,
            means: .session(Identifier(high: 2, low: number)))
    }

    private static func key(_ scopes: Set<Scope>, _ role: Role = .user) -> Caller {
        Caller(user: owner, role: role, means: .apiKey(Identifier(high: 3, low: 1), scopes))
    }

    /// A workshop with a task of the owner's and a job of the server's own.
    private func workshop() async throws -> (workshop: Workshop, task: VideoTask, job: Job) {
        let workshop = Workshop()
        guard
            case .created(let task) = try await workshop.submit(
                try Self.order(.address("https://a.example/v.mp4")), by: Self.signedIn(1))
        else { throw NotFound.task }
        let own = Job(id: workshop.identifiers.make(), kind: "sweep", now: workshop.clock.now())
        _ = try await workshop.store.write { try $0.enqueue(own) }
        return (workshop, task, try #require(try workshop.job(of: task)))
    }

    @Test("a use case does nothing for a key that has every scope but its own", arguments: calls)
    func scopes(call: Call) async throws {
        let (workshop, task, job) = try await workshop()
        for role in Role.allCases {
            let caller = Self.key(Scope.forKeys.subtracting([call.scope]), role)
            await #expect(throws: AccessError.missingScope(call.scope)) {
                try await call.call(workshop, task, job, caller)
            }
        }
        #expect(try workshop.store.read { try $0.tasks.find(task.id) } == task)
    }

    @Test("what is someone else's is not there, for an administrator neither but for jobs", arguments: calls)
    func others(call: Call) async throws {
        let (workshop, task, job) = try await workshop()
        for role in Role.allCases where role.allows(call.scope) {
            let caller = Self.signedIn(2, role)
            if let absence = call.absence, !(role == .admin && absence == .job) {
                await #expect(throws: absence) { try await call.call(workshop, task, job, caller) }
            } else if call.absence == nil {
                try await call.call(workshop, task, job, caller)
            }
        }
        #expect(try workshop.store.read { try $0.tasks.find(task.id) } == task)
    }

    @Test("the owner's key that has the use case's scope is let in", arguments: calls)
    func own(call: Call) async throws {
        let (workshop, task, job) = try await workshop()
        do {
            try await call.call(workshop, task, job, Self.key([call.scope], .admin))
        } catch {
            // What it may not do now it may do: the rules of the task's life and of what is there yet have spoken.
            #expect(!(error is AccessError) && error as? NotFound != .task && error as? NotFound != .job)
        }
    }

    @Test("what comes of an order belongs to who gave it")
    func belongs() async throws {
        let (workshop, task, job) = try await workshop()
        #expect(task.owner == Self.owner)
        #expect(job.owner == Self.owner)
        var reception = try workshop.receive.begin(filename: "a.mp4", by: Self.signedIn(1))
        try [1, 2].withUnsafeBytes { try reception.append($0) }
        #expect(try await workshop.receive.finish(reception).owner == Self.owner)
    }

    @Test("a task whose upload is someone else's does not get at it, however it came about")
    func foreignUpload() async throws {
        let workshop = Workshop()
        let upload = try await workshop.upload("talk.mp4")
        let task = try VideoTask(
            id: workshop.identifiers.make(), owner: Self.owner, title: "Stolen", source: .upload(upload.id),
            captions: nil, filename: "talk.mp4", options: ClipOptions(), createdAt: workshop.clock.now())
        let job = Job(
            id: workshop.identifiers.make(), owner: Self.owner, kind: RunVideoTask.jobKind,
            subject: Identifier(task.id), now: workshop.clock.now())
        try await workshop.store.write { writer in
            try writer.taskWriter.insert(task)
            try writer.enqueue(job)
        }
        try await workshop.attempt()
        let failure = try workshop.store.read { try $0.tasks.find(task.id) }?.failure
        #expect(failure?.code == "not_found")
        // Nor does the upload go with that task.
        try await workshop.delete(task.id, by: Self.signedIn(1))
        #expect(try workshop.store.read { try $0.uploads.find(upload.id) } == upload)
    }

    @Test("what was found out for one user is not used for another, who could tell by the time it takes")
    func cachesByOwner() async throws {
        let workshop = Workshop()
        let first = try await workshop.upload("talk.mp4")
        let other = Self.signedIn(2)
        let same = Upload(
            id: workshop.identifiers.make(), owner: other.user, filename: "talk.mp4",
            content: first.content, file: first.file, createdAt: workshop.clock.now())
        try await workshop.store.write { try $0.uploadWriter.insert(same) }
        for (upload, caller) in [(first, Caller.local), (same, other)] {
            _ = try await workshop.submit(
                SubmitVideoTask.Command(source: .upload(upload.id), options: try ClipOptions()), by: caller)
            #expect(try await workshop.attempt() == .completed)
        }
        #expect(workshop.studio.asked("transcribe") == 2)
        #expect(workshop.studio.asked("find") == 2)
    }
}

internal import Domain

/// How jobs stand on the wire.
enum JobWire {
    static let job = JSONOutput<Job>.object(
        "Job", "One durable unit of work in the queue.",
        [
            JSONField("id", .identifier(), "Its identifier.") { $0.id },
            JSONField("kind", .text, "Which handler runs it.", example: "run_video_task") { $0.kind },
            JSONField(
                "subject_id", .nullable(.identifier()),
                "What it is about, such as a task."
            ) { $0.subject },
            JSONField("queue", .text, "The queue that it waits in.", example: "default") { $0.queue },
            JSONField("priority", .integer(Job.priorities), "How urgent it is, 0 the most.", example: 5) {
                $0.priority
            },
            JSONField("unique_key", .nullable(.text), "At most one unfinished job has this key.") {
                $0.uniqueKey
            },
            JSONField("state", .name, "Where it stands.", example: "running") { $0.state.name },
            JSONField("attempt", .count, "How often it was claimed.", example: 1) { $0.attempt },
            JSONField("failures", .count, "How often it failed.", example: 0) { $0.failures },
            JSONField("failure_limit", .count, "After how many failures it is given up.", example: 4) {
                $0.failureLimit
            },
            JSONField("interruptions", .count, "How often its worker was lost.", example: 0) {
                $0.interruptions
            },
            JSONField("progress", .number(0...100), "How far it is.", example: 45) { $0.progress.percent },
            JSONField("stage", .nullable(.text), "What is being done.", example: "analyzing") {
                $0.progress.stage.isEmpty ? nil : $0.progress.stage
            },
            JSONField("log", .list(of: attempt, 0...Job.longestLog), "Its latest unsuccessful attempts.") {
                $0.log
            },
            JSONField("created_at", .moment, "When it was enqueued.") { $0.createdAt },
            JSONField("due_at", .moment, "The earliest moment of its next try.") { $0.dueAt },
            JSONField("ended_at", .nullable(.moment), "When it ended.") { $0.endedAt },
        ])

    static let page: JSONOutput<Page<Job, Identifier<Job>>> = PageWire.page(
        "JobPage", "A page of the list of jobs, newest first.", of: job)

    private static let attempt = JSONOutput<JobAttempt>.object(
        "JobAttempt", "An attempt that ended without completing the job.",
        [
            JSONField("number", .count, "The attempt's number, 1 for the first.", example: 1) { $0.number },
            JSONField("started_at", .moment, "When it was claimed.") { $0.startedAt },
            JSONField("ended_at", .moment, "When it ended or was found to have ended.") { $0.endedAt },
            JSONField("code", .text, "Why it ended: a stable code.", example: "lease_expired") { attempt in
                switch attempt.ending {
                case .failed(let failure): failure.code
                case .interrupted(let reason): reason.rawValue
                }
            },
            JSONField("message", .nullable(.text), "Why it ended, for people.") { attempt in
                switch attempt.ending {
                case .failed(let failure): failure.message
                case .interrupted: nil
                }
            },
        ])
}

package import Application
package import Domain

/// The documents of the API outside HTTP: what the command line prints for programs.
package enum WireDocument {
    /// A task with its clips, as `GET /api/v1/tasks/{id}` answers it.
    ///
    /// - Parameter path: Where on this machine a file is; it becomes the `path` of a clip's format.
    package static func task(
        _ details: TaskDetails, path: @escaping @Sendable (Identifier<MediaFile>) -> String?
    ) -> [UInt8] {
        TaskWire.task.encode(
            TaskWire.Shown(details, paths: path), capacity: 1536 + 1536 * details.clips.count)
    }

    /// A transcript, as `GET /api/v1/tasks/{id}/transcript` answers it.
    package static func transcript(_ transcript: Transcript) -> [UInt8] {
        TranscriptWire.transcript.encode(transcript)
    }

    /// What a self-test has found, as `POST /api/v1/operations/security/selftest` answers it.
    package static func selfTest(_ verdict: SelfTestVerdict) -> [UInt8] {
        SelfTestWire.verdict.encode(verdict)
    }

    /// A user, as `GET /api/v1/users/me` answers it.
    package static func user(_ user: User) -> [UInt8] {
        UserWire.user.encode(user)
    }

    /// Users.
    package static func users(_ users: [User]) -> [UInt8] {
        JSONOutput<[User]>.list(of: UserWire.user).encode(users)
    }

    /// An event, as receivers are sent it.
    package static func event(_ event: WebhookEvent) -> [UInt8] {
        DeliveryWire.event.encode(event)
    }

    /// A job, as `GET /api/v1/jobs/{id}` answers it.
    package static func job(_ job: Job) -> [UInt8] {
        JobWire.job.encode(job)
    }

    /// A page of jobs, as `GET /api/v1/jobs` answers it.
    package static func jobs(_ page: Page<Job, Identifier<Job>>) -> [UInt8] {
        JobWire.page.encode(page)
    }
}

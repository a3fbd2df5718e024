public import Domain

/// Writes to the owner of a task that it has ended: a use case whose caller is the queue.
///
/// The letter is ordered in the very unit of work in which the task ends, and tried until a mail server takes it; it
/// may come twice when a process is killed in between.
public struct MailTaskEnd: JobHandler {
    /// The kind of its jobs.
    public static let jobKind = "mail_task_end"
    /// At five minutes each about half a day.
    private static let failureLimit = 150

    /// The kind of its jobs.
    public var kind: String { Self.jobKind }

    private let store: any Store
    private let mailer: any Mailer
    private let letters: Letters

    /// The handler over its ports.
    public init(store: any Store, mailer: any Mailer, letters: Letters) {
        self.store = store
        self.mailer = mailer
        self.letters = letters
    }

    /// The job that tells of a task's end; it goes before other work, since it takes no time.
    static func job(for task: VideoTask, at end: Timestamp) -> Job {
        Job(
            id: Identifier(at: end, randomness: (task.id.high, task.id.low)), owner: task.owner,
            kind: jobKind, arguments: Array("\(task.id)".utf8), priority: Job.priorities.lowerBound,
            failureLimit: failureLimit, now: end)
    }

    /// Hands the letter over, if it is still wanted and there is still something to tell.
    public func run(_ job: RunningJob) async -> JobOutcome {
        let arguments = String(decoding: job.job.arguments, as: UTF8.self)
        guard let id = Identifier<VideoTask>(arguments) else {
            return .failed(JobFailure(code: "malformed", message: "The job names no task."), retry: .never)
        }
        do {
            if let letter = try store.read({ try $0.letter(about: id, in: letters) }) {
                try await mailer.send(letter)
            }
            return .completed
        } catch let refusal as MailRefusal {
            return .failed(
                JobFailure(code: "mail_refused", message: "The letter was \(refusal)"), retry: .never)
        } catch {
            if job.stopReason != nil { return .cancelled }
            return .failed(
                JobFailure(code: "mail_failed", message: "The letter was not taken: \(error)"),
                retry: .byPolicy)
        }
    }
}

extension StoreReader {
    /// The letter about a task's end; nil when the task goes on again or is gone, or its owner wants none or has not
    /// shown that mail arrives.
    fileprivate func letter(about id: Identifier<VideoTask>, in letters: Letters) throws -> Mail? {
        guard let task = try tasks.find(id), task.status.isFinal,
            try preferences.find(task.owner)?.notifiesByMail == true,
            let profile = try users.find(task.owner)?.profile, profile.isEmailVerified
        else { return nil }
        return letters.ended(task, to: profile.email)
    }
}

extension StoreWriter {
    /// Orders a letter to a task's owner, who wants one, about its end; whoever cancels a task knows already.
    func orderLetter(about task: VideoTask) throws {
        guard task.owner != User.local, task.status.name != .cancelled, let end = task.completedAt,
            try preferences.find(task.owner)?.notifiesByMail == true
        else { return }
        try enqueue(MailTaskEnd.job(for: task, at: end))
    }
}

import Application
import Domain
import Presentation

extension Command {
    private static let jobArgument = Argument(
        name: "ID", summary: "the job's identifier, as `cutroom jobs list` shows it")

    /// `cutroom jobs list`: the newest jobs.
    static let listJobs = Command(
        words: ["jobs", "list"],
        summary: "Lists the newest jobs of the queue.",
        options: [Settings.json.declaration],
        examples: [Example(line: "cutroom jobs list", summary: "the newest 100, also while no server runs")]
    ) { invocation in
        let root = try CompositionRoot(invocation)
        let page = try ListJobs(store: root.store)(by: .local, limit: PageSize.range.upperBound)
        if invocation.configuration[Settings.json] {
            invocation.output.writeDocument(WireDocument.jobs(page))
            return .done
        }
        var table = TextTable(columns: [
            .init("job"), .init("kind"), .init("about"), .init("state"), .init("attempt", alignment: .right),
            .init("failures", alignment: .right), .init("%", alignment: .right),
            .init("last failure", yields: true),
        ])
        for job in page.items {
            table.add([
                job.id.description, job.kind, job.subject?.description ?? "", job.state.name.rawValue,
                "\(job.attempt)", "\(job.failures)", "\(Int(job.progress.percent))", job.log.last?.text ?? "",
            ])
        }
        invocation.output.write(table)
        return .done
    }

    /// `cutroom jobs show`: one job with its attempts.
    static let showJob = Command(
        words: ["jobs", "show"],
        summary: "Shows a job and its latest unsuccessful attempts.",
        arguments: [jobArgument],
        options: [Settings.json.declaration],
        examples: [Example(line: "cutroom jobs show 0199…", summary: "one job")]
    ) { invocation in
        let root = try CompositionRoot(invocation)
        show(try GetJob(store: root.store)(try invocation.job(), by: .local), invocation)
        return .done
    }

    /// `cutroom jobs retry`: has a job tried again.
    static let retryJob = Command(
        words: ["jobs", "retry"],
        summary: "Has a job that failed or was cancelled tried again now.",
        arguments: [jobArgument],
        options: [Settings.json.declaration],
        examples: [Example(line: "cutroom jobs retry 0199…", summary: "as if it had never failed")]
    ) { invocation in
        let root = try CompositionRoot(invocation)
        let retry = RetryJob(store: root.store, followers: root.followers, clock: root.clock)
        show(try await retry(try invocation.job(), by: .local), invocation)
        return .done
    }

    /// `cutroom jobs cancel`: calls a job off.
    static let cancelJob = Command(
        words: ["jobs", "cancel"],
        summary: "Calls a job off; one that runs is stopped by its worker within a second.",
        arguments: [jobArgument],
        options: [Settings.json.declaration],
        examples: [Example(line: "cutroom jobs cancel 0199…", summary: "its task is cancelled too")]
    ) { invocation in
        let root = try CompositionRoot(invocation)
        let cancel = CancelJob(store: root.store, followers: root.followers, clock: root.clock)
        show(try await cancel(try invocation.job(), by: .local), invocation)
        return .done
    }

    private static func show(_ job: Job, _ invocation: Invocation) {
        if invocation.configuration[Settings.json] {
            invocation.output.writeDocument(WireDocument.job(job))
            return
        }
        var table = TextTable(columns: [.init("job"), .init(job.id.description)])
        table.add(["kind", job.kind])
        table.add(["about", job.subject?.description ?? ""])
        table.add(["state", job.state.name.rawValue])
        table.add(["queue", "\(job.queue), priority \(job.priority)"])
        table.add(["attempts", "\(job.attempt), \(job.failures) of \(job.failureLimit) failures"])
        table.add(["progress", "\(Int(job.progress.percent)) % \(job.progress.stage)"])
        for attempt in job.log { table.add(["attempt \(attempt.number)", attempt.text]) }
        invocation.output.write(table)
    }
}

extension Invocation {
    /// The job that the first argument names.
    fileprivate func job() throws(CommandFailure) -> Identifier<Job> {
        guard let text = arguments.first, let id = Identifier<Job>(text) else {
            throw CommandFailure(
                line: "\"\(arguments.first ?? "")\" is no job's identifier", status: .wrongUsage)
        }
        return id
    }
}

extension JobAttempt {
    /// Why it ended, in a line.
    fileprivate var text: String {
        switch ending {
        case .failed(let failure): "\(failure.code): \(failure.message)"
        case .interrupted(let reason): reason.rawValue
        }
    }
}

extension Terminal {
    /// Writes a table, as wide as a terminal or as wide as it likes elsewhere.
    func write(_ table: TextTable) {
        for line in table.lines(width: isInteractive ? width : .max / 2, for: self) { writeLine(line) }
    }

    /// Writes a JSON document and ends its line.
    func writeDocument(_ bytes: [UInt8]) {
        writeLine(String(decoding: bytes, as: UTF8.self))
    }
}

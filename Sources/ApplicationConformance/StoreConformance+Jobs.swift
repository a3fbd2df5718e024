import Application
import Domain

extension StoreConformance {
    static let jobs: [ConformanceRule<any Store>] = [
        ConformanceRule("a job is read back as it was written, in every state") { store in
            let jobs = try Sample.jobsInEveryState()
            for job in jobs {
                try await store.write { try $0.put(job) }
                try expect(try store.read { try $0.jobs.find(job.id) }, is: job, "the \(job.state.name) job")
            }
        },
        ConformanceRule("jobs are paged newest first, ended or not, by state when asked") { store in
            let jobs = try Sample.jobsInEveryState()
            try await store.write { writer in
                for job in jobs.shuffled() { try writer.put(job) }
            }
            var seen: [Job] = []
            var cursor: Identifier<Job>?
            repeat {
                let page = try store.read { try $0.jobs.page(of: nil, state: nil, limit: 3, before: cursor) }
                seen += page.items
                cursor = page.next
            } while cursor != nil
            try expect(seen.map(\.id), is: jobs.map(\.id).reversed(), "the order")
            try expect(seen, is: jobs.reversed(), "the jobs")
            for state in Job.State.Name.allCases {
                let page = try store.read { try $0.jobs.page(of: nil, state: state, limit: 100, before: nil) }
                let expected = jobs.reversed().filter { $0.state.name == state }
                try expect(page.items, is: expected, "the \(state.rawValue) jobs")
                try expect(page.next, is: nil, "the next page after the last")
            }
            let counts = jobs.reduce(into: [:]) { $0[$1.state.name, default: 0] += 1 }
            try expect(try store.read { try $0.jobs.counts(of: nil) }, is: counts, "the counts")
        },
        ConformanceRule("a job whose unique key is claimed is not added; the one that claims it is returned")
        {
            store in
            let (first, second) = (Sample.job(1, uniqueKey: "key"), Sample.job(2, uniqueKey: "key"))
            let returned = try await store.write { writer in
                [try writer.enqueue(first), try writer.enqueue(second)]
            }
            try expect(returned, is: [first, first], "what was returned")
            try expect(try store.read { try $0.jobs.find(second.id) }, is: nil, "the second job")
            let others = try await store.write { writer in
                [
                    try writer.enqueue(Sample.job(3, uniqueKey: "other")).id,
                    try writer.enqueue(Sample.job(4)).id, try writer.enqueue(Sample.job(5)).id,
                ]
            }
            try expect(
                others, is: [Sample.id(3), Sample.id(4), Sample.id(5)], "jobs with other keys or none")
        },
        ConformanceRule("a unique key is free once its job has ended or is being called off") { store in
            let outcomes: [JobOutcome] = [
                .completed, .cancelled, .failed(Sample.failure, retry: .never),
            ]
            for (number, outcome) in outcomes.enumerated() {
                var job = Sample.job(number * 2, uniqueKey: "key \(number)")
                try job.claim(by: Sample.owner(1), at: Sample.now, until: Sample.now + .seconds(30))
                let hold = JobHold(job: job.id, attempt: 1)
                try await store.write { [job] in try $0.put(job) }
                try job.end(hold, as: outcome, at: Sample.now, policy: .ordinary, chance: 0)
                let next = Sample.job(number * 2 + 1, uniqueKey: "key \(number)")
                let added = try await store.write { [job] writer in
                    try writer.jobWriter.update(job)
                    return try writer.enqueue(next)
                }
                try expect(added, is: next, "the job after one that is \(job.state.name.rawValue)")
            }
            var stopping = Sample.job(20, uniqueKey: "stopping")
            try stopping.claim(by: Sample.owner(1), at: Sample.now, until: Sample.now + .seconds(30))
            try stopping.requestCancellation(at: Sample.now)
            let next = Sample.job(21, uniqueKey: "stopping")
            let added = try await store.write { [stopping] writer in
                try writer.put(stopping)
                return try writer.enqueue(next)
            }
            try expect(added, is: next, "the job after one that is being called off")
        },
        ConformanceRule("a job that ended comes back by a retry, unless another one claims its unique key") {
            store in
            var job = Sample.job(1, uniqueKey: "key")
            try job.requestCancellation(at: Sample.now)
            try await store.write { [job] in try $0.put(job) }
            try job.retry(at: Sample.now + .seconds(5))
            try await store.write { [job] in try $0.jobWriter.update(job) }
            try expect(try store.read { try $0.jobs.find(job.id) }, is: job, "the job after the retry")
            try job.requestCancellation(at: Sample.now)
            try await store.write { [job] writer in
                try writer.jobWriter.update(job)
                try writer.enqueue(Sample.job(2, uniqueKey: "key"))
            }
            let cancelled = job
            try job.retry(at: Sample.now)
            try await expect(throws: isConflict, "two jobs claim the same key") {
                try await store.write { [job] in try $0.jobWriter.update(job) }
            }
            try expect(
                try store.read { try $0.jobs.find(job.id) }, is: cancelled, "the job after the refusal")
        },
        ConformanceRule("the unfinished jobs about something are found, and all of them are deleted with it")
        {
            store in
            let (subject, other): (Identifier<Job.Subject>, Identifier<Job.Subject>) = (
                Sample.id(7), Sample.id(8)
            )
            let jobs = try Sample.jobsInEveryState()
            let unrelated = [Sample.job(20, subject: other), Sample.job(21)]
            try await store.write { writer in
                for job in jobs + unrelated { try writer.put(job) }
            }
            let unfinished = jobs.filter { $0.subject == subject && !$0.state.name.isFinal }
            try expect(
                try store.read { try $0.jobs.unfinished(of: subject) }, is: unfinished, "the unfinished jobs")
            try await store.write { try $0.jobWriter.delete(about: subject) }
            let left = try store.read { try $0.jobs.page(of: nil, state: nil, limit: 100, before: nil) }.items
            let spared = (jobs + unrelated).filter { $0.subject != subject }
            try expect(left, is: spared.reversed(), "what is left")
        },
        ConformanceRule("jobs that ended long ago are forgotten, not more than asked, and no others") {
            store in
            let jobs = try Sample.jobsInEveryState()
            try await store.write { writer in
                for job in jobs { try writer.put(job) }
            }
            let forgotten = try await store.write { writer in
                [
                    try writer.jobWriter.forget(endedBefore: Sample.now + .seconds(1), limit: 9),
                    try writer.jobWriter.forget(endedBefore: Sample.now + .seconds(2), limit: 2),
                    try writer.jobWriter.forget(endedBefore: Sample.now + .seconds(2), limit: 2),
                ]
            }
            try expect(forgotten, is: [0, 2, 1], "how many were forgotten")
            let left = try store.read { try $0.jobs.page(of: nil, state: nil, limit: 100, before: nil) }.items
            try expect(left, is: jobs.reversed().filter { !$0.state.name.isFinal }, "what is left")
        },
    ]
}

extension StoreWriter {
    /// Stores a job in whatever state it is: enqueued first, then replaced by what became of it.
    func put(_ job: Job) throws {
        try enqueue(
            Job(
                id: job.id, owner: job.owner, kind: job.kind, subject: job.subject,
                arguments: job.arguments, queue: job.queue, priority: job.priority, uniqueKey: job.uniqueKey,
                failureLimit: job.failureLimit,
                now: job.createdAt))
        try jobWriter.update(job)
    }
}

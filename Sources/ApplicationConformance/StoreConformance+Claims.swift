import Application
import Domain

extension StoreConformance {
    static let claims: [ConformanceRule<any Store>] = [
        ConformanceRule("claiming does to a job what the rules of its life say, and nothing else") { store in
            let jobs = [Sample.job(1), Sample.job(2)]
            try await store.write { writer in
                for job in jobs { try writer.enqueue(job) }
            }
            let now = Sample.now + .seconds(3)
            let claimed = try await store.write { try $0.jobWriter.claim(claim(limit: 1, now: now)) }
            var expected = jobs[0]
            try expected.claim(by: Sample.owner(1), at: now, until: now + .seconds(30))
            try expect(claimed, is: [expected], "what was claimed")
            try expect(try store.read { try $0.jobs.find(jobs[0].id) }, is: expected, "the claimed job")
            try expect(try store.read { try $0.jobs.find(jobs[1].id) }, is: jobs[1], "the other job")
        },
        ConformanceRule("claims go by rank, then by identifier, in the queues asked for, up to the limit") {
            store in
            let jobs = [
                Sample.job(5, priority: 5), Sample.job(4, priority: 5), Sample.job(3, priority: 9),
                Sample.job(6, priority: 0), Sample.job(1, queue: "other", priority: 0),
                Sample.job(7, priority: 1),
            ]
            try await store.write { writer in
                for job in jobs { try writer.enqueue(job) }
            }
            let claimed = try await store.write { writer in
                [
                    try writer.jobWriter.claim(claim(limit: 0)),
                    try writer.jobWriter.claim(claim(limit: 3)),
                    try writer.jobWriter.claim(claim(limit: 9, queues: ["other", Job.ordinaryQueue])),
                    try writer.jobWriter.claim(claim(limit: 9, queues: ["other", Job.ordinaryQueue])),
                ]
            }
            try expect(
                claimed.map { $0.map(\.id) },
                is: [
                    [], [Sample.id(6), Sample.id(7), Sample.id(4)],
                    [Sample.id(1), Sample.id(5), Sample.id(3)], [],
                ], "the order of the claims")
        },
        ConformanceRule("the job that has waited longest is told of, of the first ones of all queues") {
            store in
            func oldest() throws -> Timestamp? { try store.read { try $0.jobs.oldestAvailable() } }
            try expect(try oldest(), is: nil, "the oldest of none")
            let jobs = [
                Job(id: Sample.id(1), kind: "a", queue: "one", now: Sample.now + .seconds(2)),
                Job(id: Sample.id(2), kind: "a", queue: "one", now: Sample.now + .seconds(3)),
                Job(id: Sample.id(3), kind: "a", queue: "two", now: Sample.now + .seconds(1)),
                Job(id: Sample.id(4), kind: "a", dueAt: Sample.now + .seconds(60), now: Sample.now),
            ]
            try await store.write { writer in
                for job in jobs { try writer.enqueue(job) }
            }
            try expect(try oldest(), is: Sample.now + .seconds(1), "the oldest")
            _ = try await store.write { try $0.jobWriter.claim(claim(limit: 1, queues: ["two"])) }
            try expect(try oldest(), is: Sample.now + .seconds(2), "the oldest that is left")
        },
        ConformanceRule("a less urgent job that has waited long enough goes before a more urgent one") {
            store in
            let old = Job(id: Sample.id(1), kind: "old", priority: 6, now: Sample.now)
            let wait = Job.headStart + .milliseconds(1)
            let fresh = Job(id: Sample.id(2), kind: "fresh", priority: 5, now: Sample.now + wait)
            let claimed = try await store.write { writer in
                try writer.enqueue(fresh)
                try writer.enqueue(old)
                return try writer.jobWriter.claim(claim(limit: 2, now: Sample.now + wait))
            }
            try expect(claimed.map(\.kind), is: ["old", "fresh"], "the order of the claims")
        },
        ConformanceRule("only what is due is claimed; what is available stays so when the clock is set back")
        {
            store in
            let (soon, later) = (Sample.now + .seconds(10), Sample.now + .seconds(20))
            var retryable = Sample.job(3)
            try retryable.claim(by: Sample.owner(1), at: Sample.now, until: Sample.now)
            try retryable.end(
                JobHold(job: retryable.id, attempt: 1), as: .failed(Sample.failure, retry: .at(later)),
                at: Sample.now, policy: .ordinary, chance: 0)
            func due() throws -> Timestamp? {
                try store.read { try $0.jobs.nextDue(in: [Job.ordinaryQueue]) }
            }
            try expect(try due(), is: nil, "when the next job of an empty queue is due")
            try await store.write { [retryable] writer in
                try writer.put(retryable)
                try writer.enqueue(Sample.job(2, dueAt: soon))
                try writer.enqueue(Sample.job(9, queue: "other"))
            }
            try expect(try due(), is: soon, "when the next job is due")
            try await store.write { try $0.put(Sample.job(1)) }
            try expect(
                try due(), is: Timestamp(milliseconds: 0), "when the next job is due while one is available")
            let claimed = try await store.write { writer in
                try [
                    Sample.now - .seconds(99), soon - .milliseconds(1), soon, later - .milliseconds(1), later,
                ]
                .map { try writer.jobWriter.claim(claim(limit: 9, now: $0)).map(\.id) }
            }
            try expect(
                claimed, is: [[Sample.id(1)], [], [Sample.id(2)], [], [Sample.id(3)]], "what was claimed when"
            )
            try expect(try due(), is: nil, "when the next job is due once all are claimed")
        },
        ConformanceRule("no job is claimed by two") { store in
            try await store.write { writer in
                for number in 0..<100 { try writer.enqueue(Sample.job(number)) }
            }
            let claimed = try await withThrowingTaskGroup(of: [Job].self, returning: [Job].self) { group in
                for owner in 0..<20 {
                    group.addTask {
                        try await store.write { try $0.jobWriter.claim(claim(limit: 7, owner: owner)) }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try expect(claimed.count, is: 100, "how many claims there were")
            try expect(Set(claimed.map(\.id)).count, is: 100, "how many jobs were claimed")
        },
        ConformanceRule("leases are renewed and progress is noted for good holds only") { store in
            try await store.write { writer in
                for number in 1...3 { try writer.enqueue(Sample.job(number)) }
                _ = try writer.jobWriter.claim(claim(limit: 2))
            }
            let holds = [
                JobHold(job: Sample.id(1), attempt: 1), JobHold(job: Sample.id(2), attempt: 7),
                JobHold(job: Sample.id(3), attempt: 0), JobHold(job: Sample.id(99), attempt: 1),
            ]
            let moment = Sample.now + .seconds(77)
            let good = try await store.write { writer in
                for hold in holds {
                    try writer.jobWriter.record(JobProgress(percent: 50, stage: "half"), by: hold)
                }
                return try writer.jobWriter.renew(holds, until: moment)
            }
            try expect(good, is: [holds[0]], "the good holds")
            let jobs = try store.read { reader in
                try (1...3).map { try require(try reader.jobs.find(Sample.id($0)), "a job") }
            }
            try expect(
                jobs.map { $0.lease?.until }, is: [moment, Sample.now + .seconds(30), nil], "the leases' ends"
            )
            try expect(jobs.map(\.progress.percent), is: [50, 0, 0], "the progress")
            try expect(jobs[0].lease?.since, is: Sample.now, "when the renewed lease began")
        },
        ConformanceRule("the jobs that wait are found by what their queues' names begin with") { store in
            var retryable = Sample.job(4, queue: "mine-4")
            try retryable.claim(by: Sample.owner(1), at: Sample.now, until: Sample.now)
            try retryable.end(
                JobHold(job: retryable.id, attempt: 1), as: .failed(Sample.failure, retry: .byPolicy),
                at: Sample.now, policy: .ordinary, chance: 0)
            try await store.write { [retryable] writer in
                try writer.enqueue(Sample.job(1, queue: "mine-1"))
                _ = try writer.jobWriter.claim(claim(limit: 1, queues: ["mine-1"]))
                try writer.enqueue(Sample.job(2, queue: "mine-1"))
                try writer.enqueue(Sample.job(3, queue: "mine-3", dueAt: Sample.now + .seconds(9)))
                try writer.put(retryable)
                try writer.enqueue(Sample.job(5, queue: "mind"))
                try writer.enqueue(Sample.job(6, queue: "minf"))
            }
            func waiting(_ prefix: String, limit: Int = 9) throws -> [Identifier<Job>] {
                try store.read { try $0.jobs.waiting(inQueuesNamed: prefix, limit: limit) }.map(\.id).sorted()
            }
            try expect(
                try waiting("mine-"), is: [Sample.id(2), Sample.id(3), Sample.id(4)], "what waits in these")
            try expect(try waiting("mine-", limit: 2).count, is: 2, "how many are answered at most")
            try expect(try waiting("yours"), is: [], "what waits in no queue")
        },
        ConformanceRule("leases are found by owner and by their end, the longest ended first") { store in
            try await store.write { writer in
                for number in 1...5 { try writer.enqueue(Sample.job(number)) }
                _ = try writer.jobWriter.claim(claim(limit: 2, owner: 2, now: Sample.now + .seconds(10)))
                _ = try writer.jobWriter.claim(claim(limit: 2, owner: 1))
            }
            try store.read { reader in
                try expect(
                    try reader.jobs.owners().sorted(), is: [Sample.owner(1), Sample.owner(2)], "the owners")
                try expect(
                    try reader.jobs.held(by: Sample.owner(2)).map(\.id), is: [Sample.id(1), Sample.id(2)],
                    "what the second owner has")
                try expect(try reader.jobs.held(by: Sample.owner(3)), is: [], "what nobody has")
                func expired(after seconds: Int, limit: Int = 9) throws -> [Identifier<Job>] {
                    try reader.jobs.expired(at: Sample.now + .seconds(seconds), limit: limit).map(\.id)
                }
                try expect(try expired(after: 29), is: [], "what ended after 29 s")
                try expect(
                    try expired(after: 30), is: [Sample.id(3), Sample.id(4)], "what ended after 30 s")
                try expect(
                    try expired(after: 99, limit: 3), is: [Sample.id(3), Sample.id(4), Sample.id(1)],
                    "the first three that ended")
            }
        },
    ]
}

import Domain

struct InMemoryJobs: JobReader {
    let reader: InMemoryReader
    private var jobs: Dictionary<Identifier<Job>, Job>.Values { reader.tables.jobs.values }

    init(reader: InMemoryReader) {
        self.reader = reader
    }

    func find(_ id: Identifier<Job>) throws -> Job? {
        reader.tables.jobs[id]
    }

    func page(
        of owner: Identifier<User>?, state: Job.State.Name?, limit: Int, before cursor: Identifier<Job>?
    ) throws -> Page<Job, Identifier<Job>> {
        let matching = jobs.filter { job in
            (owner == nil || job.owner == owner) && (state == nil || job.state.name == state)
        }
        return Page(newestOf: matching, id: \.id, limit: limit, before: cursor)
    }

    func counts(of owner: Identifier<User>?) throws -> [Job.State.Name: Int] {
        jobs.filter { owner == nil || $0.owner == owner }.reduce(into: [:]) {
            $0[$1.state.name, default: 0] += 1
        }
    }

    func unfinished(of subject: Identifier<Job.Subject>) throws -> [Job] {
        jobs.filter { $0.subject == subject && !$0.state.name.isFinal }.sorted { $0.id < $1.id }
    }

    func nextDue(in queues: [String]) throws -> Timestamp? {
        jobs.lazy.filter { queues.contains($0.queue) }.compactMap { job in
            switch job.state {
            case .available: Timestamp(milliseconds: 0)
            case .scheduled, .retryable: job.dueAt
            case .running, .completed, .cancelled, .discarded: nil
            }
        }.min()
    }

    func oldestAvailable() throws -> Timestamp? {
        let queues = Dictionary(grouping: jobs.filter { $0.state == .available }, by: \.queue)
        return queues.values.compactMap { queue in
            queue.min { ($0.rank, $0.id) < ($1.rank, $1.id) }?.dueAt
        }.min()
    }

    func waiting(inQueuesNamed prefix: String, limit: Int) throws -> [Job] {
        let waiting = jobs.filter { job in
            job.queue.hasPrefix(prefix) && !job.state.name.isFinal && job.lease == nil
        }
        return Array(waiting.prefix(limit))
    }

    func held(by owner: Identifier<JobOwner>) throws -> [Job] {
        jobs.filter { $0.lease?.owner == owner }.sorted { $0.id < $1.id }
    }

    func owners() throws -> [Identifier<JobOwner>] {
        Set(jobs.compactMap(\.lease?.owner)).sorted()
    }

    func expired(at now: Timestamp, limit: Int) throws -> [Job] {
        let ended = jobs.compactMap { job in job.lease.map { (job, $0.until) } }.filter { $0.1 <= now }
        return ended.sorted { ($0.1, $0.0.id) < ($1.1, $1.0.id) }.prefix(limit).map(\.0)
    }
}

struct InMemoryJobWriter: JobWriter {
    let writer: InMemoryWriter

    func insert(_ job: Job) throws -> Job {
        if let rival = rival(of: job) { return rival }
        guard writer.tables.jobs[job.id] == nil else { throw PortError.conflict("the job exists already") }
        writer.set(\.jobs, job.id, job)
        return job
    }

    func claim(_ claim: JobClaim) throws -> [Job] {
        let due = writer.tables.jobs.values
            .filter { $0.isDue(at: claim.now) && claim.queues.contains($0.queue) }
            .sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }
        return try due.prefix(claim.limit).map { job in
            var job = job
            try job.claim(by: claim.owner, at: claim.now, until: claim.until)
            writer.set(\.jobs, job.id, job)
            return job
        }
    }

    func renew(_ holds: [JobHold], until moment: Timestamp) throws -> Set<JobHold> {
        var good: Set<JobHold> = []
        for hold in holds {
            guard var job = writer.tables.jobs[hold.job], job.hold == hold else { continue }
            try job.renew(hold, until: moment)
            writer.set(\.jobs, job.id, job)
            good.insert(hold)
        }
        return good
    }

    func update(_ job: Job) throws {
        guard writer.tables.jobs[job.id] != nil else { return }
        guard rival(of: job) == nil else { throw PortError.conflict("another job has its unique key") }
        writer.set(\.jobs, job.id, job)
    }

    func record(_ progress: JobProgress, by hold: JobHold) throws {
        guard var job = writer.tables.jobs[hold.job], job.hold == hold else { return }
        try job.report(progress, by: hold)
        writer.set(\.jobs, job.id, job)
    }

    func delete(about subject: Identifier<Job.Subject>) throws {
        for job in writer.tables.jobs.values where job.subject == subject {
            writer.set(\.jobs, job.id, nil)
        }
    }

    func forget(endedBefore moment: Timestamp, limit: Int) throws -> Int {
        let old = writer.tables.jobs.values.filter { job in job.endedAt.map { $0 < moment } ?? false }
            .prefix(limit)
        for job in old { writer.set(\.jobs, job.id, nil) }
        return old.count
    }

    /// The other job that claims the same unique key.
    private func rival(of job: Job) -> Job? {
        guard job.claimsUniqueKey else { return nil }
        return writer.tables.jobs.values.first { other in
            other.id != job.id && other.claimsUniqueKey && other.uniqueKey == job.uniqueKey
        }
    }
}

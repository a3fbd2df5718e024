import Application
import CSQLite
import Domain
import Infrastructure
import Synchronization
import Testing

@Suite("query plans")
struct QueryPlanTests {
    /// What is read as a whole on purpose: the counters, the tasks and jobs that run now, and tables of a few rows.
    private static let mayScan = [
        "SCAN totals", "SCAN tasks USING INDEX tasks_running",
        "SCAN jobs USING INDEX jobs_held", "SCAN CONSTANT ROW", "SCAN sqlite_sequence",
        "SCAN sqlite_master", "SCAN tiers", "SCAN settings",
    ]
    /// Statements that sort the jobs that run now, count those that wait for their time, or put together whom an
    /// administrator finds by name and by address.
    private static let maySort = ["lease_until <= ?", "INDEXED BY jobs_waiting", "char(1114111)\n    UNION"]

    @Test("A44: no statement of the store walks a whole table or sorts one")
    func indexed() async throws {
        try await withStore { store in
            try await useEverything(of: store)
            let statements = try await store.database.write { try $0.keptStatements() }
            #expect(statements.count > 100)
            for statement in statements where !Self.maySort.contains(where: statement.contains) {
                let plan = try await store.database.write { try $0.plan(of: statement) }
                for step in plan where !Self.mayScan.contains(step) {
                    #expect(
                        !step.hasPrefix("SCAN ") && !step.contains("TEMP B-TREE"), "\(statement)\n\(plan)")
                }
            }
        }
    }

    @Test("the claim walks the index of ranks, and the lists their keys")
    func chosen() async throws {
        try await withStore { store in
            try await useEverything(of: store)
            let expected = [
                "UPDATE jobs SET state = 'running', ready = 0": "jobs_ready (queue=?)",
                "ORDER BY due_at LIMIT 1": "jobs_waiting (queue=? AND ready=?)",
                "WHERE ready = 1 AND queue > ? ORDER BY queue": "jobs_ready (queue>?)",
                "WHERE ready = 1 AND queue >= ?1": "jobs_ready (queue>? AND queue<?)",
                "AND ready = 0 AND queue >= ?1": "jobs_waiting (queue>? AND queue<?)",
                "FROM tasks WHERE owner = ? AND id < ?": "tasks_by_owner (owner=? AND id<?)",
                "FROM tasks WHERE owner = ? AND status = ? AND id < ?":
                    "tasks_by_owner_and_status (owner=? AND status=? AND id<?)",
                "FROM tasks WHERE status = 'running'": "tasks_running",
                "FROM jobs WHERE owner = ? AND id < ?": "jobs_by_owner (owner=? AND id<?)",
                "FROM jobs WHERE owner = ? AND state = 'available' AND id < ?":
                    "jobs_by_owner (owner=? AND id<?)",
                "FROM jobs WHERE owner = ? AND state = ? AND state <> 'available' AND id < ?":
                    "jobs_not_available_by_owner (owner=? AND state=? AND id<?)",
                "count(*) FROM jobs WHERE owner = ? AND state <> 'available'":
                    "jobs_not_available_by_owner (owner=?)",
                "FROM job_history WHERE owner = ? AND id < ?": "job_history_by_owner (owner=? AND id<?)",
                "FROM job_history WHERE owner = ? AND state = 'completed' AND id < ?":
                    "job_history_by_owner (owner=? AND id<?)",
                "FROM job_history WHERE owner = ? AND state = ? AND state <> 'completed'":
                    "job_history_unfinished_by_owner (owner=? AND state=? AND id<?)",
                "FROM uploads WHERE owner = ?": "uploads_by_owner (owner=? AND id>?)",
                "UPDATE uploads SET owner": "uploads_by_owner (owner=?)",
                "UPDATE OR REPLACE stored_answers": "(scope>? AND scope<?)",
                "DELETE FROM stored_answers WHERE scope": "(scope>? AND scope<?)",
                "FROM owner_totals WHERE owner = ?": "USING PRIMARY KEY (owner=?)",
                "FROM clips WHERE task = ? ORDER BY rank": "(task=?)",
                "FROM task_notices WHERE task = ? AND number > ?":
                    "task_notices_by_task (task=? AND rowid>?)",
                "FROM users WHERE username_key = ?": "users_by_username (username_key=?)",
                "FROM users WHERE email = ?": "users_by_email (email=?)",
                "UNION SELECT id FROM users WHERE email >= ?1": "users_by_email (email>? AND email<?)",
                "SELECT count(*) FROM users": "COVERING INDEX users_administrators (role=?)",
                "FROM sessions WHERE user = ?": "sessions_by_user (user=?)",
                "FROM invitations WHERE accepted_by = ?": "invitations_by_user (accepted_by=?)",
                "FROM sessions WHERE over_at < ?": "sessions_by_end (over_at<?)",
                "FROM refresh_tokens WHERE hash = ?": "PRIMARY KEY (hash=?)",
                "FROM api_keys WHERE hash = ?": "(hash=?)",
                "FROM api_keys WHERE owner = ?": "api_keys_by_owner (owner=?)",
                "FROM mailed_tokens WHERE expires_at < ?": "mailed_tokens_by_end (expires_at<?)",
                "FROM sign_in_throttles WHERE last_failure_at < ?":
                    "sign_in_throttles_by_age (last_failure_at<?)",
                "FROM credit_entries WHERE user = ?": "PRIMARY KEY (user=? AND number<?)",
                "FROM credit_holds WHERE task = ? AND ended_at": "credit_holds_open (task=?)",
                "FROM credit_holds WHERE task = ? ORDER": "credit_holds_by_task (task=?)",
                "FROM credit_holds WHERE user = ?": "credit_holds_by_user (user=?)",
                "FROM audit_entries WHERE at >= ?1": "audit_entries_by_time (at>? AND (at,id)<(?,?))",
                "FROM audit_entries WHERE action = ?6":
                    "audit_entries_by_action (action=? AND at>? AND (at,id)<(?,?))",
                "FROM audit_entries WHERE initiator_user = ?6":
                    "audit_entries_by_initiator (initiator_user=? AND at>? AND (at,id)<(?,?))",
                "FROM audit_entries WHERE subject_user = ?6":
                    "audit_entries_by_subject (subject_user=? AND at>? AND (at,id)<(?,?))",
                "FROM audit_entries WHERE subject_id = ?6":
                    "audit_entries_by_thing (subject_id=? AND at>? AND (at,id)<(?,?))",
                "FROM settings WHERE name = ?": "PRIMARY KEY (name=?)",
                "FROM users WHERE tier = tiers.name": "users_by_tier (tier=?)",
                "FROM account_events WHERE at < ?": "account_events_by_age (at<?)",
                "count(*) FROM api_keys WHERE owner = ?1": "api_keys_by_owner (owner=?)",
                "SELECT number FROM api_keys WHERE owner = ?1": "api_keys_by_owner (owner=?)",
                "SELECT number FROM api_keys WHERE coalesce": "api_keys_by_end (<expr><?)",
                "WHERE initiator = 'anonymous' AND at < ?": "audit_entries_anonymous (at<?)",
            ]
            let statements = try await store.database.write { try $0.keptStatements() }
            for (fragment, index) in expected {
                let plans = try await store.database.write { session in
                    try statements.filter { $0.spaced.contains(fragment) }.map { try session.plan(of: $0) }
                }
                #expect(!plans.isEmpty, "\(fragment) is not used any more")
                for plan in plans {
                    #expect(plan.contains { $0.contains(index) }, "\(fragment): \(plan)")
                }
            }
        }
    }

    /// Calls every method of every repository on the writer's session, so that it keeps their statements.
    private func useEverything(of store: SQLiteStore) async throws {
        try await store.write { writer in
            let upload = Upload(
                id: StoreSample.id(900), owner: User.local, filename: "a.srt", content: .captions(.srt),
                file: StoreSample.file(1), createdAt: StoreSample.now)
            try writer.uploadWriter.insert(upload)
            _ = try writer.uploads.find(upload.id)
            _ = try writer.uploads.oldest(of: User.local, limit: 5)
            var task = try StoreSample.task(1, source: .upload(upload.id))
            try writer.taskWriter.insert(task)
            _ = try task.begin(at: StoreSample.now)
            try writer.taskWriter.update(task)
            try writer.taskWriter.record(progress: 1, message: "x", of: task.id)
            _ = try writer.tasks.find(task.id)
            _ = try writer.tasks.page(of: User.local, status: nil, limit: 5, before: nil)
            _ = try writer.tasks.page(of: User.local, status: .running, limit: 5, before: nil)
            _ = try writer.tasks.running()
            _ = try writer.tasks.uses(upload.id, otherThan: task.id)
            _ = try writer.tasks.statistics(of: nil)
            _ = try writer.tasks.statistics(of: User.local)
            let clip = StoreSample.clip(1, of: task, rank: 1)
            try writer.clipWriter.put(clip)
            _ = try writer.clips.all(of: task.id)
            _ = try writer.clips.find(clip.id, of: task.id)
            try writer.documentWriter.put(
                Analysis(highlights: [], summary: nil, keyTopics: [], finder: "x"), of: task.id)
            _ = try writer.documents.transcript(of: task.id)
            try writer.announce([.statusChanged, .clipReady(clip.id), .closed(.completed)], of: task)
            _ = try writer.notices.notices(of: task.id, after: 0, limit: 5)
            _ = try writer.notices.notices(after: 0, limit: 5)
            _ = try writer.notices.latestNumber()
            let key = IdempotencyKey(caller: User.local, route: "a", key: "b")
            try writer.answerWriter.put(
                StoredAnswer(
                    fingerprint: StoreSample.file(1).hash, status: 201, location: "/", body: [],
                    createdAt: StoreSample.now), under: key)
            _ = try writer.answers.find(key)
            _ = try writer.answers.page(of: key.caller, limit: 5, after: nil)
            _ = try writer.answers.page(of: key.caller, limit: 5, after: key)
            _ = try writer.answerWriter.forget(before: StoreSample.now, limit: 5)
            try writer.answerWriter.forgetAll(of: StoreSample.id(901))
            try writer.ownershipWriter.handOver(everythingOf: StoreSample.id(901), to: User.local)
            try useJobs(of: writer, about: task)
            try useEveryAccount(of: writer)
            try writer.taskWriter.delete(task.id)
            try writer.uploadWriter.delete(upload.id)
        }
    }

    private func useJobs(of writer: any StoreWriter, about task: VideoTask) throws {
        let now = StoreSample.now
        try writer.jobWriter.insert(StoreSample.job(1, about: task))
        try writer.jobWriter.insert(StoreSample.job(2, about: task))
        try writer.jobWriter.insert(StoreSample.job(3, dueAt: now + .seconds(1)))
        for queues in [["default"], ["default", "other"]] {
            let claim = JobClaim(
                queues: queues, limit: 2, owner: StoreSample.id(7), now: now, until: now + .seconds(30))
            for var job in try writer.jobWriter.claim(claim) {
                let hold = try #require(job.hold)
                _ = try writer.jobWriter.renew([hold], until: now + .seconds(60))
                try writer.jobWriter.record(JobProgress(percent: 1, stage: "x"), by: hold)
                try job.end(hold, as: .completed, at: now, policy: .ordinary, chance: 0)
                try writer.jobWriter.update(job)
                _ = try writer.jobs.find(job.id)
            }
        }
        _ = try writer.jobs.find(StoreSample.id(99))
        for state in [nil] + Job.State.Name.allCases {
            _ = try writer.jobs.page(of: nil, state: state, limit: 5, before: nil)
            _ = try writer.jobs.page(of: User.local, state: state, limit: 5, before: nil)
        }
        _ = try writer.jobs.counts(of: nil)
        _ = try writer.jobs.counts(of: User.local)
        _ = try writer.jobs.unfinished(of: Identifier(task.id))
        _ = try writer.jobs.nextDue(in: ["other", "default"])
        _ = try writer.jobs.oldestAvailable()
        _ = try writer.jobs.waiting(inQueuesNamed: Job.privateQueuePrefix, limit: 5)
        _ = try writer.jobs.held(by: StoreSample.id(7))
        _ = try writer.jobs.owners()
        _ = try writer.jobs.expired(at: now, limit: 5)
        _ = try writer.jobWriter.forget(endedBefore: now, limit: 5)
        try writer.jobWriter.delete(about: Identifier(task.id))
    }
}

extension SQLiteSession {
    /// Every statement that the session keeps.
    fileprivate func keptStatements() throws -> [String] {
        var texts: [String] = []
        var statement = sqlite3_next_stmt(connection.handle, nil)
        while let present = statement {
            let text = String(cString: sqlite3_sql(present))
            if ["SELECT", "INSERT", "UPDATE", "DELETE"].contains(where: text.hasPrefix) {
                texts.append(text)
            }
            statement = sqlite3_next_stmt(connection.handle, present)
        }
        return texts
    }

    /// How SQLite would run a statement, step by step.
    fileprivate func plan(of statement: String) throws -> [String] {
        var prepared: OpaquePointer?
        defer { sqlite3_finalize(prepared) }
        let code = sqlite3_prepare_v2(
            connection.handle, "EXPLAIN QUERY PLAN " + statement, -1, &prepared, nil)
        try #require(code == SQLITE_OK)
        var steps: [String] = []
        while sqlite3_step(prepared) == SQLITE_ROW {
            steps.append(String(cString: sqlite3_column_text(prepared, 3)))
        }
        return steps
    }
}

extension String {
    /// The text with each run of white space made one space.
    fileprivate var spaced: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

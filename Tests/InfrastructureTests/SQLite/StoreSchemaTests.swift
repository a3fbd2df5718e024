import Application
import CSQLite
import Domain
import Infrastructure
import Testing

@Suite("the schema")
struct StoreSchemaTests {
    @Test("the database allows exactly the states that the Domain draws")
    func states() async throws {
        try await withStore { store in
            let statuses = try store.allowed("status", in: "tasks")
            #expect(statuses == VideoTask.Status.Name.allCases.map(\.rawValue))
            #expect(try store.allowed("stage", in: "tasks") == Stage.allCases.map(\.rawValue))
            #expect(try store.allowed("failure_stage", in: "tasks") == Stage.allCases.map(\.rawValue))
            #expect(try store.allowed("status", in: "task_notices") == statuses)
            #expect(try store.allowed("stage", in: "task_notices") == Stage.allCases.map(\.rawValue))
            let states = Job.State.Name.allCases
            #expect(try store.allowed("state", in: "jobs") == states.filter { !$0.isFinal }.map(\.rawValue))
            #expect(
                try store.allowed("state", in: "job_history") == states.filter(\.isFinal).map(\.rawValue))
            for table in ["jobs", "job_history"] {
                let schema = try store.schema(of: table)
                let range = Job.priorities
                #expect(schema.contains("priority BETWEEN \(range.lowerBound) AND \(range.upperBound)"))
            }
        }
    }

    @Test(
        "a row that contradicts its lifecycle is refused",
        arguments: [
            "UPDATE tasks SET status = 'lost'",
            "UPDATE tasks SET status = 'completed'",
            "UPDATE tasks SET status = 'failed', completed_at = 1",
            "UPDATE tasks SET completed_at = 1",
            "UPDATE tasks SET stage = 'rendering'",
            "UPDATE tasks SET progress = 101",
            "UPDATE tasks SET failure_code = 'x'",
            "UPDATE jobs SET state = 'running'",
            "UPDATE jobs SET state = 'completed'",
            "UPDATE jobs SET ready = 0",
            "UPDATE jobs SET lease_owner = zeroblob(16)",
            "UPDATE jobs SET is_cancelling = 1",
            "UPDATE jobs SET id = x'00'",
            "UPDATE tasks SET version = 'text'",
        ])
    func lifecycle(_ change: String) async throws {
        try await withStore { store in
            try await store.write { writer in
                let task = try StoreSample.task(1)
                try writer.taskWriter.insert(task)
                try writer.jobWriter.insert(StoreSample.job(1, about: task))
            }
            let error = await #expect(throws: SQLiteError.self) {
                try await store.database.write { try $0.execute(change) }
            }
            #expect(error?.primaryCode == SQLITE_CONSTRAINT, "\(String(describing: error))")
        }
    }

    @Test("what belongs to a task goes with it")
    func cascade() async throws {
        try await withStore { store in
            let task = try StoreSample.task(1)
            try await store.write { writer in
                try writer.taskWriter.insert(task)
                try writer.announce([.statusChanged], of: task)
                try writer.clipWriter.put(StoreSample.clip(1, of: task, rank: 1))
                try writer.documentWriter.put(
                    Transcript(words: [], language: nil, engine: "x"), of: task.id)
            }
            try await store.write { try $0.taskWriter.delete(task.id) }
            for count: SQL in [
                "SELECT count(*) FROM clips", "SELECT count(*) FROM task_notices",
                "SELECT count(*) FROM task_documents",
            ] {
                #expect(try store.database.integers(count) == [0])
            }
            #expect(try store.read { try $0.tasks.statistics(of: nil).mediaBytes } == 0)
        }
    }

    @Test("the counters say what a count of the rows says")
    func totals() async throws {
        try await withStore { store in
            try await store.write { writer in
                for number in 1...6 {
                    var task = try StoreSample.task(number)
                    try writer.taskWriter.insert(task)
                    if number.isMultiple(of: 2) { _ = try task.begin(at: StoreSample.now) }
                    if number == 4 { _ = try task.complete(at: StoreSample.now) }
                    if number == 5 { _ = try task.cancel(at: StoreSample.now) }
                    if task.version > 0 { try writer.taskWriter.update(task) }
                    try writer.clipWriter.put(StoreSample.clip(number, of: task, rank: 1))
                    try writer.clipWriter.put(StoreSample.clip(number + 100, of: task, rank: 1))
                    try writer.clipWriter.put(StoreSample.clip(number + 200, of: task, rank: 2, fails: true))
                }
                try writer.taskWriter.delete(StoreSample.task(4).id)
            }
            let statistics = try store.read { try $0.tasks.statistics(of: nil) }
            #expect(statistics.tasks == [.queued: 2, .running: 2, .cancelled: 1])
            #expect(statistics.clips == 5)
            #expect(
                try store.database.integers("SELECT sum(bytes) FROM clips")
                    == [Int(statistics.mediaBytes)])
            // Everything is the local user's, and a second user has nothing.
            #expect(try store.read { try $0.tasks.statistics(of: User.local) } == statistics)
            #expect(try store.read { try $0.tasks.statistics(of: StoreSample.id(7)) }.mediaBytes == 0)
            let listed = try store.read {
                try $0.tasks.page(of: User.local, status: nil, limit: 10, before: nil)
            }
            #expect(listed.items.map(\.clipCount) == [2, 2, 2, 2, 2])
        }
    }

    @Test("what a write that failed has counted does not count")
    func takenBack() async throws {
        struct Refusal: Error {}
        try await withStore { store async throws in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        try? await store.write { writer in
                            let task = try StoreSample.task(number)
                            try writer.taskWriter.insert(task)
                            try writer.jobWriter.insert(StoreSample.job(number, about: task))
                            if number.isMultiple(of: 3) { throw Refusal() }
                        }
                    }
                }
            }
            #expect(try store.read { try $0.tasks.statistics(of: nil).tasks } == [.queued: 40])
            #expect(try store.read { try $0.jobs.counts(of: nil) } == [.available: 40])
            #expect(try store.read { try $0.tasks.statistics(of: User.local).tasks } == [.queued: 40])
            #expect(try store.read { try $0.jobs.counts(of: User.local) } == [.available: 40])
        }
    }
}

extension SQLiteStore {
    /// The statement that made a table.
    func schema(of table: String) throws -> String {
        try database.read { session in
            try session.value("SELECT sql FROM sqlite_schema WHERE name = ?", table, as: String.self) ?? ""
        }
    }

    /// The values that a column's CHECK lists.
    func allowed(_ column: String, in table: String) throws -> [String] {
        let schema = try schema(of: table).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let start = [" CHECK (\(column) = ", " CHECK ( \(column) = "].compactMap(schema.end(of:)).first
        guard let start else { return [] }
        let list = schema[start...].prefix { $0 != ")" }
        return list.split(separator: "'").map(String.init).filter { !$0.contains("=") }
    }
}

extension String {
    fileprivate func end(of text: String) -> Index? {
        indices.first { self[$0...].hasPrefix(text) }.map { index($0, offsetBy: text.count) }
    }
}

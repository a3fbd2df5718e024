import Application
import Domain

/// The tasks in SQLite.
struct SQLiteVideoTasks: VideoTaskReader, VideoTaskWriter {
    let session: SQLiteSession

    private static let columns: StaticString = """
        id, version, status, stage, progress, message, attempts, title, created_at, started_at, completed_at,
        source_upload, captions_upload, failure_code, failure_message, failure_stage, record, owner
        """
    static let findOne = SQL("SELECT", columns, "FROM tasks WHERE id = ?")
    static let newest = SQL(
        "SELECT clip_count,", columns, "FROM tasks WHERE owner = ? AND id < ? ORDER BY id DESC LIMIT ?")
    static let newestInStatus = SQL(
        "SELECT clip_count,", columns,
        "FROM tasks WHERE owner = ? AND status = ? AND id < ? ORDER BY id DESC LIMIT ?")

    func find(_ id: Identifier<VideoTask>) throws -> VideoTask? {
        try session.first(Self.findOne, id) { row in try VideoTask(row: &row) }
    }

    func page(
        of owner: Identifier<User>, status: VideoTask.Status.Name?, limit: Int,
        before cursor: Identifier<VideoTask>?
    ) throws -> Page<TaskListing, Identifier<VideoTask>> {
        let cursor = cursor ?? .last
        // One more than asked for tells whether there is a next page.
        let listings =
            if let status {
                try session.all(
                    Self.newestInStatus, owner, status.rawValue, cursor, limit + 1,
                    as: TaskListing.init(row:))
            } else {
                try session.all(Self.newest, owner, cursor, limit + 1, as: TaskListing.init(row:))
            }
        return Page(upTo: limit, of: listings) { $0.task.id }
    }

    func running() throws -> [TaskSnapshot] {
        try session.all(
            "SELECT id, stage, progress, message FROM tasks WHERE status = 'running' ORDER BY id"
        ) { row in
            TaskSnapshot(
                task: row.next(), status: .running, stage: try row.next(String?.self).map(RecordReader.named),
                progress: row.next(), message: row.next())
        }
    }

    func uses(_ upload: Identifier<Upload>, otherThan task: Identifier<VideoTask>) throws -> Bool {
        try session.value(
            """
            SELECT EXISTS (SELECT 1 FROM tasks WHERE source_upload = ?1 AND id <> ?2)
                OR EXISTS (SELECT 1 FROM tasks WHERE captions_upload = ?1 AND id <> ?2)
            """, upload, task) ?? false
    }

    func statistics(of owner: Identifier<User>?) throws -> StoreStatistics {
        let totals = try session.totals(of: owner)
        var tasks: [VideoTask.Status.Name: Int] = [:]
        for status in VideoTask.Status.Name.allCases {
            let count = totals[Total(status)]
            if count > 0 { tasks[status] = count }
        }
        return StoreStatistics(
            tasks: tasks, clips: totals[.renderedClips], uploads: totals[.uploads],
            mediaBytes: Int64(totals[.mediaBytes]))
    }

    func insert(_ task: VideoTask) throws {
        try session.run(
            """
            INSERT INTO tasks (
                id, version, status, stage, progress, message, attempts, title, created_at, started_at,
                completed_at, source_upload, captions_upload, failure_code, failure_message, failure_stage,
                record, owner)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            task.id, task.version, task.status.name.rawValue, task.stage?.rawValue, task.progress,
            task.message, task.attempts, task.title, task.createdAt, task.startedAt, task.completedAt,
            task.sourceUpload, task.captions, task.failure?.code, task.failure?.message,
            task.failure?.stage?.rawValue, VideoTaskRecord(task).record, task.owner)
        session.count(Total(task.status.name), of: task.owner, by: 1)
    }

    func update(_ task: VideoTask) throws {
        let former = try standing(of: task.id)
        let changed = try session.run(
            """
            UPDATE tasks SET
                version = ?2, status = ?3, stage = ?4, progress = ?5, message = ?6, attempts = ?7, title = ?8,
                started_at = ?9, completed_at = ?10, failure_code = ?11, failure_message = ?12,
                failure_stage = ?13, record = ?14
            WHERE id = ?1 AND version < ?2
            """,
            task.id, task.version, task.status.name.rawValue, task.stage?.rawValue, task.progress,
            task.message, task.attempts, task.title, task.startedAt, task.completedAt, task.failure?.code,
            task.failure?.message, task.failure?.stage?.rawValue, VideoTaskRecord(task).record)
        guard changed == 1, let former else {
            throw PortError.conflict("the task was changed or removed meanwhile")
        }
        if former.status != task.status.name {
            session.count(Total(former.status), of: former.owner, by: -1)
            session.count(Total(task.status.name), of: former.owner, by: 1)
        }
    }

    func record(progress: Double, message: String, of id: Identifier<VideoTask>) throws {
        try session.run(
            "UPDATE tasks SET progress = ?, message = ? WHERE id = ? AND status = 'running'", progress,
            message, id)
    }

    func delete(_ id: Identifier<VideoTask>) throws {
        guard let (status, owner) = try standing(of: id) else { return }
        let clips = try session.first(
            "SELECT coalesce(sum(rendered), 0), coalesce(sum(bytes), 0) FROM clips WHERE task = ?", id
        ) { (rendered: $0.next(Int.self), bytes: $0.next(Int.self)) }
        try session.run("DELETE FROM tasks WHERE id = ?", id)
        session.count(Total(status), of: owner, by: -1)
        session.count(.renderedClips, of: owner, by: -(clips?.rendered ?? 0))
        session.count(.mediaBytes, of: owner, by: -(clips?.bytes ?? 0))
    }

    /// What of a task is counted, and for whom.
    private func standing(
        of id: Identifier<VideoTask>
    ) throws -> (status: VideoTask.Status.Name, owner: Identifier<User>)? {
        try session.first("SELECT status, owner FROM tasks WHERE id = ?", id) { row in
            (try RecordReader.named(row.next()), row.next())
        }
    }
}

extension TaskListing {
    fileprivate init(row: inout Row) throws {
        let clipCount = row.next(Int.self)
        self.init(task: try VideoTask(row: &row), clipCount: clipCount)
    }
}

extension VideoTask {
    fileprivate var sourceUpload: Identifier<Upload>? {
        if case .upload(let id) = source { id } else { nil }
    }

    /// Reads the columns in the order in which every statement selects them.
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<VideoTask>.self)
        let version = row.next(Int.self)
        let status: Status.Name = try RecordReader.named(row.next())
        let stage: Stage? = try row.next(String?.self).map(RecordReader.named)
        let progress = row.next(Double.self)
        let message = row.next(String.self)
        let attempts = row.next(Int.self)
        let title = row.next(String.self)
        let createdAt = row.next(Timestamp.self)
        let startedAt = row.next(Timestamp?.self)
        let completedAt = row.next(Timestamp?.self)
        let upload = row.next(Identifier<Upload>?.self)
        let captions = row.next(Identifier<Upload>?.self)
        let failure = TaskFailure(
            code: row.next(String?.self) ?? "", message: row.next(String?.self) ?? "",
            stage: try row.next(String?.self).map(RecordReader.named))
        let record = try row.nextRecord(VideoTaskRecord.self)
        let owner = row.next(Identifier<User>.self)
        self.init(
            id: id, owner: owner, title: title, source: try record.source(upload: upload), captions: captions,
            filename: record.filename, acquired: record.acquired, options: record.options,
            status: Status(status, stage: stage, failure: failure), progress: progress, message: message,
            attempts: attempts, timings: record.timings, summary: record.summary,
            keyTopics: record.keyTopics, createdAt: createdAt, startedAt: startedAt,
            completedAt: completedAt, version: version)
    }
}

extension VideoTaskRecord {
    fileprivate func source(upload: Identifier<Upload>?) throws -> VideoTask.Source {
        if let upload { return .upload(upload) }
        if let address { return .address(address) }
        if let path { return .path(path) }
        throw PortError.corrupt("a task without a source")
    }
}

extension VideoTask.Status {
    fileprivate init(_ name: Name, stage: Stage?, failure: TaskFailure) {
        self =
            switch name {
            case .queued: .queued
            case .running: .running(stage)
            case .completed: .completed
            case .failed: .failed(failure)
            case .cancelled: .cancelled
            }
    }
}

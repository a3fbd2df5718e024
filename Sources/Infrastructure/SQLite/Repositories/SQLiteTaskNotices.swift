import Application
import Domain

/// What has happened to tasks, in SQLite.
struct SQLiteTaskNotices: TaskNoticeReader, TaskNoticeWriter {
    let session: SQLiteSession

    private static let columns: StaticString = "number, task, kind, status, stage, progress, message, clip"
    static let ofTask = SQL(
        "SELECT", columns, "FROM task_notices WHERE task = ? AND number > ? ORDER BY number LIMIT ?")
    static let ofAll = SQL("SELECT", columns, "FROM task_notices WHERE number > ? ORDER BY number LIMIT ?")

    func notices(of task: Identifier<VideoTask>, after number: Int64, limit: Int) throws -> [NumberedNotice] {
        try session.all(Self.ofTask, task, number, limit) { row in try NumberedNotice(row: &row) }
    }

    func notices(after number: Int64, limit: Int) throws -> [NumberedNotice] {
        try session.all(Self.ofAll, number, limit) { row in try NumberedNotice(row: &row) }
    }

    func latestNumber() throws -> Int64 {
        // The table's own highest number would fall when the newest task is removed.
        try session.value("SELECT seq FROM sqlite_sequence WHERE name = 'task_notices'") ?? 0
    }

    func append(_ notice: TaskNotice, about task: Identifier<VideoTask>) throws {
        switch notice {
        case .status(let snapshot):
            try session.run(
                """
                INSERT INTO task_notices (task, kind, status, stage, progress, message)
                VALUES (?, 'status', ?, ?, ?, ?)
                """, task, snapshot.status.rawValue, snapshot.stage?.rawValue, snapshot.progress,
                snapshot.message)
        case .clipReady(let clip):
            try session.run(
                "INSERT INTO task_notices (task, kind, clip) VALUES (?, 'clip_ready', ?)", task, clip)
        case .closed(let status):
            try session.run(
                "INSERT INTO task_notices (task, kind, status) VALUES (?, 'closed', ?)", task,
                status.rawValue)
        }
    }
}

extension NumberedNotice {
    fileprivate init(row: inout Row) throws {
        let number = row.next(Int64.self)
        let task = row.next(Identifier<VideoTask>.self)
        let kind = row.next(String.self)
        let status: VideoTask.Status.Name? = try row.next(String?.self).map(RecordReader.named)
        let stage: Stage? = try row.next(String?.self).map(RecordReader.named)
        let progress = row.next(Double.self)
        let message = row.next(String.self)
        let clip = row.next(Identifier<Clip>?.self)
        let notice: TaskNotice =
            switch (kind, status, clip) {
            case ("status", let status?, _):
                .status(
                    TaskSnapshot(
                        task: task, status: status, stage: stage, progress: progress, message: message))
            case ("closed", let status?, _): .closed(status)
            case ("clip_ready", _, let clip?): .clipReady(clip)
            default: throw PortError.corrupt("a notice of unknown kind '\(kind)'")
            }
        self.init(number: number, task: task, notice: notice)
    }
}

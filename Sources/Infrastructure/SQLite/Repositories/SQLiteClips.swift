import Application
import Domain

/// The clips in SQLite.
struct SQLiteClips: ClipReader, ClipWriter {
    let session: SQLiteSession

    func all(of task: Identifier<VideoTask>) throws -> [Clip] {
        try session.all("SELECT id, task, rank, record FROM clips WHERE task = ? ORDER BY rank", task) {
            row in try Clip(row: &row)
        }
    }

    func find(_ id: Identifier<Clip>, of task: Identifier<VideoTask>) throws -> Clip? {
        try session.first("SELECT id, task, rank, record FROM clips WHERE id = ? AND task = ?", id, task) {
            row in try Clip(row: &row)
        }
    }

    func put(_ clip: Clip) throws {
        let former = try session.first(
            "SELECT rendered, bytes FROM clips WHERE task = ? AND rank = ?", clip.task, clip.rank
        ) { (rendered: $0.next(Int.self), bytes: $0.next(Int.self)) }
        let rendered = clip.renditions.isEmpty ? 0 : 1
        let bytes = clip.files.reduce(0) { $0 + Int($1.bytes) }
        try session.run(
            """
            INSERT INTO clips (id, task, rank, rendered, bytes, record) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (task, rank) DO UPDATE SET
                id = excluded.id, rendered = excluded.rendered, bytes = excluded.bytes,
                record = excluded.record
            """,
            clip.id, clip.task, clip.rank, rendered, bytes, ClipRecord(clip).record)
        let owner = try session.value(
            "SELECT owner FROM tasks WHERE id = ?", clip.task, as: Identifier<User>.self)
        if former == nil {
            try session.run("UPDATE tasks SET clip_count = clip_count + 1 WHERE id = ?", clip.task)
        }
        session.count(.renderedClips, of: owner, by: rendered - (former?.rendered ?? 0))
        session.count(.mediaBytes, of: owner, by: bytes - (former?.bytes ?? 0))
    }
}

extension Clip {
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<Clip>.self)
        let task = row.next(Identifier<VideoTask>.self)
        let rank = row.next(Int.self)
        let record = try row.nextRecord(ClipRecord.self)
        self.init(id: id, task: task, rank: rank, highlight: record.highlight, outcome: record.outcome)
    }
}

import Application
import Domain

/// The clips in SQLite.
struct SQLiteClips: ClipReader, ClipWriter {
    let session: Session

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
        try session.run(
            """
            INSERT INTO clips (id, task, rank, rendered, bytes, record) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (task, rank) DO UPDATE SET
                id = excluded.id, rendered = excluded.rendered, bytes = excluded.bytes,
                record = excluded.record
            """,
            clip.id, clip.task, clip.rank, !clip.renditions.isEmpty, clip.files.reduce(0) { $0 + $1.bytes },
            ClipRecord(clip).record)
    }
}

extension Clip {
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<Clip>.self)
        let task = row.next(Identifier<VideoTask>.self)
        let rank = row.next(Int.self)
        let record = try ClipRecord(record: row.next())
        self.init(id: id, task: task, rank: rank, highlight: record.highlight, outcome: record.outcome)
    }
}

import Application
import Domain

/// What the stages of tasks have found out, in SQLite.
struct SQLiteTaskDocuments: TaskDocumentReader, TaskDocumentWriter {
    let session: SQLiteSession

    func transcript(of task: Identifier<VideoTask>) throws -> Transcript? {
        try find("transcript", of: task)
    }

    func pictures(of task: Identifier<VideoTask>) throws -> PictureTrack? {
        try find("pictures", of: task)
    }

    func analysis(of task: Identifier<VideoTask>) throws -> Analysis? {
        try find("analysis", of: task)
    }

    func put(_ transcript: Transcript, of task: Identifier<VideoTask>) throws {
        try put(transcript, as: "transcript", of: task)
    }

    func put(_ pictures: PictureTrack, of task: Identifier<VideoTask>) throws {
        try put(pictures, as: "pictures", of: task)
    }

    func put(_ analysis: Analysis, of task: Identifier<VideoTask>) throws {
        try put(analysis, as: "analysis", of: task)
    }

    private func find<Document: VersionedRecord>(_ kind: String, of task: Identifier<VideoTask>) throws
        -> Document?
    {
        try session.first("SELECT record FROM task_documents WHERE task = ? AND kind = ?", task, kind) {
            row in try row.nextRecord(Document.self)
        }
    }

    private func put(_ document: some VersionedRecord, as kind: String, of task: Identifier<VideoTask>) throws
    {
        try session.run(
            """
            INSERT INTO task_documents (task, kind, record) VALUES (?, ?, ?)
            ON CONFLICT (task, kind) DO UPDATE SET record = excluded.record
            """, task, kind, document.record)
    }
}

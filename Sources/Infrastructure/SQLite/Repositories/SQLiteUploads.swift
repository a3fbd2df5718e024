import Application
import Domain

/// What people handed in, in SQLite.
struct SQLiteUploads: UploadReader, UploadWriter {
    let session: SQLiteSession

    func find(_ id: Identifier<Upload>) throws -> Upload? {
        try session.first("SELECT id, filename, created_at, record FROM uploads WHERE id = ?", id) { row in
            let id = row.next(Identifier<Upload>.self)
            let filename = row.next(String.self)
            let createdAt = row.next(Timestamp.self)
            let record = try row.nextRecord(UploadRecord.self)
            return Upload(
                id: id, filename: filename, content: record.content, file: record.file, createdAt: createdAt)
        }
    }

    func insert(_ upload: Upload) throws {
        try session.run(
            "INSERT INTO uploads (id, kind, filename, bytes, created_at, record) VALUES (?, ?, ?, ?, ?, ?)",
            upload.id, upload.content.kind, upload.filename, upload.file.bytes, upload.createdAt,
            UploadRecord(upload).record)
        session.count(.uploads, by: 1)
        session.count(.mediaBytes, by: Int(upload.file.bytes))
    }

    func delete(_ id: Identifier<Upload>) throws {
        let bytes = try session.value("DELETE FROM uploads WHERE id = ? RETURNING bytes", id, as: Int.self)
        guard let bytes else { return }
        session.count(.uploads, by: -1)
        session.count(.mediaBytes, by: -bytes)
    }
}

extension Upload.Content {
    fileprivate var kind: String {
        switch self {
        case .video: "video"
        case .captions: "captions"
        }
    }
}

import Application
import Domain

/// What people handed in, in SQLite.
struct SQLiteUploads: UploadReader, UploadWriter {
    let session: SQLiteSession

    private static let columns: StaticString = "id, owner, filename, created_at, record"
    static let findOne = SQL("SELECT", columns, "FROM uploads WHERE id = ?")
    static let pageOfOwner = SQL(
        "SELECT", columns, "FROM uploads WHERE owner = ? AND id > ? ORDER BY id LIMIT ?")

    func find(_ id: Identifier<Upload>) throws -> Upload? {
        try session.first(Self.findOne, id, as: Upload.init(row:))
    }

    func oldest(of owner: Identifier<User>, limit: Int) throws -> [Upload] {
        try page(of: owner, limit: limit, after: nil)
    }

    func page(of owner: Identifier<User>, limit: Int, after cursor: Identifier<Upload>?) throws -> [Upload] {
        try session.all(
            Self.pageOfOwner, owner, cursor ?? Identifier(high: 0, low: 0), limit, as: Upload.init(row:))
    }

    func insert(_ upload: Upload) throws {
        try session.run(
            """
            INSERT INTO uploads (id, owner, kind, filename, bytes, created_at, record)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            upload.id, upload.owner, upload.content.kind, upload.filename, upload.file.bytes,
            upload.createdAt,
            UploadRecord(upload).record)
        session.count(.uploads, of: upload.owner, by: 1)
        session.count(.mediaBytes, of: upload.owner, by: Int(upload.file.bytes))
    }

    func delete(_ id: Identifier<Upload>) throws {
        let deleted = try session.first("DELETE FROM uploads WHERE id = ? RETURNING owner, bytes", id) {
            (owner: $0.next(Identifier<User>.self), bytes: $0.next(Int.self))
        }
        guard let deleted else { return }
        session.count(.uploads, of: deleted.owner, by: -1)
        session.count(.mediaBytes, of: deleted.owner, by: -deleted.bytes)
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

extension Upload {
    /// Reads the columns in the order in which every statement selects them.
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<Upload>.self)
        let owner = row.next(Identifier<User>.self)
        let filename = row.next(String.self)
        let createdAt = row.next(Timestamp.self)
        let record = try row.nextRecord(UploadRecord.self)
        self.init(
            id: id, owner: owner, filename: filename, content: record.content, file: record.file,
            createdAt: createdAt)
    }
}

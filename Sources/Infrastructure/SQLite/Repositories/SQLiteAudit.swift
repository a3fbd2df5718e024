import Application
import Domain

/// The audit trail in SQLite.
struct SQLiteAudit: AuditReader, AuditWriter {
    let session: SQLiteSession

    private static let columns: StaticString = """
        SELECT id, at, action, initiator, initiator_user, subject_user, subject_kind, subject_id, is_success,
            address, detail
        FROM audit_entries WHERE
        """
    /// What every page is bound by: a moment, a place in the order, whether it worked, how many, what was done, who
    /// did it, and to what.
    private static let rest: StaticString = """
        at >= ?1 AND (at, id) < (?2, ?3) AND (?4 IS NULL OR is_success = ?4)
            AND (?7 IS NULL OR action = ?7) AND (?8 IS NULL OR initiator_user = ?8)
            AND (?10 IS NULL OR subject_user = ?9 OR subject_id = ?10)
        ORDER BY at DESC, id DESC LIMIT ?5
        """
    static let latest = SQL(columns, rest)
    static let latestOfAction = SQL(columns, "action = ?6 AND", rest)
    static let latestByUser = SQL(columns, "initiator_user = ?6 AND", rest)
    static let latestAboutUser = SQL(columns, "subject_user = ?6 AND", rest)
    static let latestAboutThing = SQL(columns, "subject_id = ?6 AND", rest)

    func page(_ filter: AuditFilter, limit: Int, before cursor: Identifier<AuditEntry>?) throws
        -> Page<AuditEntry, Identifier<AuditEntry>>
    {
        var place: AuditPlace?
        if let cursor {
            let at = try session.value(
                "SELECT at FROM audit_entries WHERE id = ?", cursor, as: Timestamp.self)
            guard let at else { return Page(items: [], next: nil) }
            place = AuditPlace(of: cursor, at: at)
        }
        return Page(upTo: limit, of: try lines(filter, limit: limit + 1, before: place)) { $0.id }
    }

    func lines(_ filter: AuditFilter, limit: Int, before place: AuditPlace?) throws -> [AuditEntry] {
        var end = (at: filter.until ?? Timestamp(milliseconds: .max), id: Identifier<AuditEntry>.first)
        if let place, (place.at, place.id) < end { end = (place.at, place.id) }
        let since = filter.since ?? Timestamp(milliseconds: .min)
        let action = filter.action?.rawValue
        let objectUser = filter.object.flatMap { Identifier<User>($0) }
        // ?6 is what the statement's index is searched by; the one by time alone has no use for it.
        func lines(_ sql: SQL, by key: some Bindable) throws -> [AuditEntry] {
            try session.all(
                sql, since, end.at, end.id, filter.isSuccess, limit, key, action, filter.initiator,
                objectUser, filter.object, as: AuditEntry.init(row:))
        }
        let entries: [AuditEntry]
        if let user = filter.user {
            let own = try lines(Self.latestByUser, by: user)
            // What a user did to that user stands in both lists.
            let others = try lines(Self.latestAboutUser, by: user).filter { $0.initiator != .user(user) }
            entries = (own + others).sorted { ($0.at, $0.id) > ($1.at, $1.id) }
        } else if let initiator = filter.initiator {
            entries = try lines(Self.latestByUser, by: initiator)
        } else if let object = filter.object {
            let about = try objectUser.map { try lines(Self.latestAboutUser, by: $0) } ?? []
            let known = Set(about.map(\.id))
            let things = try lines(Self.latestAboutThing, by: object).filter { !known.contains($0.id) }
            entries = (about + things).sorted { ($0.at, $0.id) > ($1.at, $1.id) }
        } else if let action {
            entries = try lines(Self.latestOfAction, by: action)
        } else {
            entries = try lines(Self.latest, by: action)
        }
        return Array(entries.prefix(limit))
    }

    func append(_ entry: AuditEntry) throws {
        try session.run(
            """
            INSERT INTO audit_entries (
                id, at, action, initiator, initiator_user, subject_user, subject_kind, subject_id,
                is_success, address, detail)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            entry.id, entry.at, entry.action.rawValue, entry.initiator.name, entry.initiator.user,
            entry.subject.user, entry.subject.thing?.kind, entry.subject.thing?.id, entry.isSuccess,
            entry.address, entry.detail)
    }

    func forgetAnonymous(before moment: Timestamp, limit: Int) throws -> Int {
        try session.run(
            """
            DELETE FROM audit_entries WHERE number IN (
                SELECT number FROM audit_entries
                WHERE initiator = 'anonymous' AND at < ? ORDER BY at LIMIT ?)
            """, moment, limit)
    }

    func forget(_ user: Identifier<User>) throws {
        try session.run(
            "UPDATE audit_entries SET address = NULL, detail = NULL WHERE initiator_user = ?", user)
        try session.run(
            "UPDATE audit_entries SET address = NULL, detail = NULL WHERE subject_user = ?", user)
    }
}

extension AuditEntry.Initiator {
    fileprivate var name: String {
        switch self {
        case .user: "user"
        case .server: "server"
        case .anonymous: "anonymous"
        }
    }

    fileprivate var user: Identifier<User>? {
        if case .user(let id) = self { id } else { nil }
    }

    fileprivate init(_ name: String, user: Identifier<User>?) throws {
        self =
            switch (name, user) {
            case ("user", let user?): .user(user)
            case ("server", _): .server
            case ("anonymous", _): .anonymous
            default: throw PortError.corrupt("an unknown initiator '\(name)'")
            }
    }
}

extension AuditEntry.Subject {
    fileprivate var user: Identifier<User>? {
        switch self {
        case .user(let id): id
        case .thing(_, _, let owner): owner
        case .server: nil
        }
    }

    fileprivate var thing: (kind: String, id: String)? {
        if case .thing(let kind, let id, _) = self { (kind, id) } else { nil }
    }

    fileprivate init(user: Identifier<User>?, kind: String?, id: String?) {
        if let kind, let id {
            self = .thing(kind: kind, id: id, owner: user)
        } else if let user {
            self = .user(user)
        } else {
            self = .server
        }
    }
}

extension AuditEntry {
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<AuditEntry>.self)
        let at = row.next(Timestamp.self)
        let action: AuditAction = try RecordReader.named(row.next())
        let initiator = try Initiator(row.next(), user: row.next())
        let subject = Subject(user: row.next(), kind: row.next(), id: row.next())
        let isSuccess = row.next(Bool.self)
        let address = row.next(NetworkAddress?.self)
        self.init(
            id: id, at: at, action: action, initiator: initiator, subject: subject, address: address,
            isSuccess: isSuccess, detail: row.next())
    }
}

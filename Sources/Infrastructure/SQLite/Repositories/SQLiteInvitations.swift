import Application
import Domain

/// The invitations in SQLite.
struct SQLiteInvitations: InvitationReader, InvitationWriter {
    let session: SQLiteSession

    private static let columns: StaticString = """
        id, version, hash, state, created_at, expires_at, closed_at, accepted_by, record
        """
    static let findOne = SQL("SELECT", columns, "FROM invitations WHERE id = ?")
    static let byHash = SQL("SELECT", columns, "FROM invitations WHERE hash = ?")
    static let ofUser = SQL("SELECT", columns, "FROM invitations WHERE accepted_by = ?")
    static let newest = SQL("SELECT", columns, "FROM invitations WHERE id < ? ORDER BY id DESC LIMIT ?")

    func find(_ id: Identifier<Invitation>) throws -> Invitation? {
        try session.first(Self.findOne, id, as: Invitation.init(row:))
    }

    func find(hash: TokenHash) throws -> Invitation? {
        try session.first(Self.byHash, hash, as: Invitation.init(row:))
    }

    func page(limit: Int, before cursor: Identifier<Invitation>?) throws
        -> Page<Invitation, Identifier<Invitation>>
    {
        let invitations = try session.all(
            Self.newest, cursor ?? .last, limit + 1, as: Invitation.init(row:))
        return Page(upTo: limit, of: invitations) { $0.id }
    }

    func insert(_ invitation: Invitation) throws {
        try session.run(
            """
            INSERT INTO invitations (
                id, version, hash, state, created_at, expires_at, closed_at, accepted_by, record)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            invitation.id, invitation.version, invitation.hash, invitation.state.name, invitation.createdAt,
            invitation.expiresAt, invitation.state.closedAt, invitation.state.acceptedBy,
            InvitationRecord(invitation).record)
    }

    func update(_ invitation: Invitation) throws {
        let changed = try session.run(
            """
            UPDATE invitations SET version = ?2, state = ?3, closed_at = ?4, accepted_by = ?5
            WHERE id = ?1 AND version < ?2
            """,
            invitation.id, invitation.version, invitation.state.name, invitation.state.closedAt,
            invitation.state.acceptedBy)
        guard changed == 1 else { throw PortError.conflict("the invitation was changed meanwhile") }
    }

    func forgetAddress(of user: Identifier<User>) throws {
        for invitation in try session.all(Self.ofUser, user, as: Invitation.init(row:)) {
            try session.run(
                "UPDATE invitations SET record = ?2 WHERE id = ?1", invitation.id,
                InvitationRecord(invitation.withoutAddress).record)
        }
    }
}

extension Invitation.State {
    fileprivate var name: String {
        switch self {
        case .open: "open"
        case .accepted: "accepted"
        case .withdrawn: "withdrawn"
        }
    }

    fileprivate var closedAt: Timestamp? {
        switch self {
        case .open: nil
        case .accepted(_, let moment), .withdrawn(let moment): moment
        }
    }

    fileprivate var acceptedBy: Identifier<User>? {
        if case .accepted(let user, _) = self { user } else { nil }
    }

    fileprivate init(_ name: String, closedAt: Timestamp?, acceptedBy: Identifier<User>?) throws {
        self =
            switch (name, closedAt, acceptedBy) {
            case ("open", _, _): .open
            case ("accepted", let moment?, let user?): .accepted(by: user, at: moment)
            case ("withdrawn", let moment?, _): .withdrawn(at: moment)
            default: throw PortError.corrupt("an invitation in an unknown state '\(name)'")
            }
    }
}

extension Invitation {
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<Invitation>.self)
        let version = row.next(Int.self)
        let hash = try row.nextTokenHash()
        let name = row.next(String.self)
        let createdAt = row.next(Timestamp.self)
        let expiresAt = row.next(Timestamp.self)
        let state = try State(name, closedAt: row.next(), acceptedBy: row.next())
        let record = try row.nextRecord(InvitationRecord.self)
        self.init(
            id: id, inviter: record.inviter, email: record.email, role: record.role, tier: record.tier,
            hash: hash, createdAt: createdAt, expiresAt: expiresAt, state: state, version: version)
    }
}

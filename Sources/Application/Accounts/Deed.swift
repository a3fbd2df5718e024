import Domain

/// Something that somebody does now, from somewhere: what its lines in the audit trail have in common.
struct Deed: Sendable {
    /// Who does it.
    let initiator: AuditEntry.Initiator
    /// From where.
    let origin: Origin
    /// When.
    let now: Timestamp
    /// Makes the identifiers of the lines.
    let identifiers: IdentifierMaker

    /// What comes about by itself on this occasion, such as the credits of a new month.
    var automatic: Deed {
        Deed(initiator: .server, origin: .server, now: now, identifiers: identifiers)
    }

    /// The same, once it is known who does it.
    func known(as user: Identifier<User>) -> Deed {
        Deed(initiator: .user(user), origin: origin, now: now, identifiers: identifiers)
    }

    /// The line that tells of it.
    func line(
        _ action: AuditAction, on subject: AuditEntry.Subject, isSuccess: Bool, detail: String?
    ) -> AuditEntry {
        AuditEntry(
            id: identifiers.make(), at: now, action: action, initiator: initiator, subject: subject,
            address: origin.address, isSuccess: isSuccess, detail: detail)
    }
}

extension AccountEvent {
    /// What the audit trail says it was done to.
    var subject: AuditEntry.Subject {
        switch change {
        case .keyIssued(let id), .keyRenamed(let id), .keyRevoked(let id):
            .thing(kind: "api_key", id: "\(id)", owner: user)
        case .sessionStarted(let id), .sessionRefreshed(let id), .sessionRevoked(let id, _):
            .thing(kind: "session", id: "\(id)", owner: user)
        case .invitationIssued(let id), .invitationAccepted(let id), .invitationWithdrawn(let id):
            .thing(kind: "invitation", id: "\(id)", owner: user)
        case .registered, .usernameChanged, .emailChanged, .emailVerified, .profileChanged, .tierChanged,
            .roleChanged, .activated, .deactivated, .suspended, .unsuspended, .deleted, .creditsMoved:
            .user(user)
        }
    }

    /// What the audit trail says beside what happened, when nothing better is known.
    var detail: String? {
        switch change {
        case .tierChanged(let former, let tier): "\(former) → \(tier)"
        case .roleChanged(let role): role.rawValue
        case .sessionRevoked(_, let reason): reason.rawValue
        case .creditsMoved(_, let amount, let available): "\(amount), \(available) available"
        default: nil
        }
    }
}

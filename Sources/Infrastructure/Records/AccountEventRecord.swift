import Application
import Domain

/// What happened to a user; whose it was and when have columns.
struct AccountEventRecord: VersionedRecord {
    static let recordVersion: UInt8 = 1

    let version: Int
    let change: AccountChange

    init(_ event: AccountEvent) {
        version = event.version
        change = event.change
    }

    init(from reader: inout RecordReader) throws {
        version = try reader.int()
        change = try reader.value()
    }

    func write(to writer: inout RecordWriter) {
        writer.put(version)
        writer.put(change)
    }
}

/// The name of the action, which never changes, then what the change holds.
extension AccountChange: Recorded {
    init(from reader: inout RecordReader) throws {
        let action: AuditAction = try reader.named()
        self =
            switch action {
            case .userRegistered: .registered
            case .usernameChanged: .usernameChanged
            case .emailChanged: .emailChanged
            case .emailVerified: .emailVerified
            case .profileChanged: .profileChanged
            case .tierChanged:
                .tierChanged(
                    from: Tier.Name(stored: try reader.string()), to: Tier.Name(stored: try reader.string()))
            case .roleChanged: .roleChanged(try reader.named())
            case .userActivated: .activated
            case .userDeactivated: .deactivated
            case .userSuspended: .suspended(until: try reader.optional { try $0.timestamp() })
            case .userUnsuspended: .unsuspended
            case .userDeleted: .deleted
            case .creditsGranted, .creditsHeld, .creditsCaptured, .creditsReleased, .creditsRefunded,
                .creditsAdjusted, .creditsExpired:
                .creditsMoved(try reader.named(), amount: try reader.int(), available: try reader.int())
            case .keyIssued: .keyIssued(try reader.value())
            case .keyRenamed: .keyRenamed(try reader.value())
            case .keyRevoked: .keyRevoked(try reader.value())
            case .sessionStarted: .sessionStarted(try reader.value())
            case .sessionRefreshed: .sessionRefreshed(try reader.value())
            case .sessionRevoked, .refreshTokenReused:
                .sessionRevoked(try reader.value(), try reader.named())
            case .invitationIssued: .invitationIssued(try reader.value())
            case .invitationAccepted: .invitationAccepted(try reader.value())
            case .invitationWithdrawn: .invitationWithdrawn(try reader.value())
            case .userExported, .signInFailed, .signInLocked, .passwordChanged, .passwordResetRequested,
                .webhookCreated, .webhookChanged, .webhookDeleted, .webhookSecretRotated, .webhookDisabled,
                .settingChanged, .tierEdited, .ownershipHandedOver, .auditExported, .errorCountsReset,
                .addressBanned, .banLifted, .addressAllowed, .addressDisallowed, .securityEventsExported:
                throw PortError.corrupt("'\(action.rawValue)' is no change of an account")
            }
    }

    func write(to writer: inout RecordWriter) {
        writer.put(action.rawValue)
        switch self {
        case .registered, .usernameChanged, .emailChanged, .emailVerified, .profileChanged, .activated,
            .deactivated, .unsuspended, .deleted:
            break
        case .tierChanged(let former, let tier):
            writer.put(former.text)
            writer.put(tier.text)
        case .roleChanged(let role): writer.put(role.rawValue)
        case .suspended(let until): writer.put(until) { $0.put($1) }
        case .creditsMoved(let kind, let amount, let available):
            writer.put(kind.rawValue)
            writer.put(amount)
            writer.put(available)
        case .keyIssued(let id), .keyRenamed(let id), .keyRevoked(let id): writer.put(id)
        case .sessionStarted(let id), .sessionRefreshed(let id): writer.put(id)
        case .sessionRevoked(let id, let reason):
            writer.put(id)
            writer.put(reason.rawValue)
        case .invitationIssued(let id), .invitationAccepted(let id), .invitationWithdrawn(let id):
            writer.put(id)
        }
    }
}

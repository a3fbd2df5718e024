import Application
import Domain

/// The part of an API key that no query asks about.
struct APIKeyRecord: VersionedRecord {
    static let recordVersion: UInt8 = 1

    let name: String
    let scopes: Set<Scope>

    init(_ key: APIKey) {
        name = key.name
        scopes = key.scopes
    }

    init(from reader: inout RecordReader) throws {
        name = try reader.string()
        scopes = Set(try reader.list { try $0.named() })
    }

    func write(to writer: inout RecordWriter) {
        writer.put(name)
        writer.put(scopes.map(\.rawValue).sorted()) { $0.put($1) }
    }
}

/// The part of an invitation that no query asks about.
struct InvitationRecord: VersionedRecord {
    static let recordVersion: UInt8 = 1

    let inviter: Identifier<User>
    let email: EmailAddress?
    let role: Role
    let tier: Tier.Name

    init(_ invitation: Invitation) {
        inviter = invitation.inviter
        email = invitation.email
        role = invitation.role
        tier = invitation.tier
    }

    init(from reader: inout RecordReader) throws {
        inviter = try reader.value()
        email = try reader.optional { try $0.value() }
        role = try reader.named()
        tier = Tier.Name(stored: try reader.string())
    }

    func write(to writer: inout RecordWriter) {
        writer.put(inviter)
        writer.put(email) { $0.put($1) }
        writer.put(role.rawValue)
        writer.put(tier.text)
    }
}

extension EmailAddress: Recorded {
    init(from reader: inout RecordReader) throws {
        guard let address = EmailAddress(stored: try reader.string()) else {
            throw PortError.corrupt("an address without an at sign")
        }
        self = address
    }

    func write(to writer: inout RecordWriter) {
        writer.put(text)
    }
}

import Application
import Domain

/// The part of a user that no query asks about; the key of the name and the address have columns.
struct UserRecord: VersionedRecord {
    static let recordVersion: UInt8 = 1

    /// What a profile has beside its address.
    struct Person {
        let username: Username
        let isEmailVerified: Bool
        let firstName: PersonName?
        let lastName: PersonName?
        let timeZone: TimeZoneName
    }

    /// Nil once the user is deleted.
    let person: Person?
    /// Why and since when the user is kept out; until when has a column.
    let suspension: (reason: String, since: Timestamp)?

    init(_ user: User) {
        person = user.profile.map { profile in
            Person(
                username: profile.username, isEmailVerified: profile.isEmailVerified,
                firstName: profile.firstName, lastName: profile.lastName, timeZone: profile.timeZone)
        }
        if case .suspended(let suspension) = user.state {
            self.suspension = (suspension.reason, suspension.since)
        } else {
            suspension = nil
        }
    }

    init(from reader: inout RecordReader) throws {
        person = try reader.optional { try $0.value() }
        suspension = try reader.optional { (reason: try $0.string(), since: try $0.timestamp()) }
    }

    func write(to writer: inout RecordWriter) {
        writer.put(person) { $0.put($1) }
        writer.put(suspension) { writer, suspension in
            writer.put(suspension.reason)
            writer.put(suspension.since)
        }
    }
}

extension UserRecord.Person: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(
            username: Username(stored: try reader.string()), isEmailVerified: try reader.bool(),
            firstName: try reader.optional { try $0.personName() },
            lastName: try reader.optional { try $0.personName() },
            timeZone: TimeZoneName(stored: try reader.string()))
    }

    func write(to writer: inout RecordWriter) {
        writer.put(username.text)
        writer.put(isEmailVerified)
        writer.put(firstName) { $0.put($1.text) }
        writer.put(lastName) { $0.put($1.text) }
        writer.put(timeZone.text)
    }
}

extension RecordReader {
    fileprivate mutating func personName() throws -> PersonName {
        let text = try string()
        do throws(ProfileError) {
            return try PersonName(text)
        } catch {
            throw PortError.corrupt("a person's name that breaks a rule: \(error.explanation)")
        }
    }
}

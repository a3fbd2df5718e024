import Domain

struct InMemoryAudit: AuditReader {
    let reader: InMemoryReader

    func page(_ filter: AuditFilter, limit: Int, before cursor: Identifier<AuditEntry>?) throws
        -> Page<AuditEntry, Identifier<AuditEntry>>
    {
        let last = cursor.map { reader.tables.audit[$0] }
        if case .some(nil) = last { return Page(items: [], next: nil) }
        let place = last.flatMap { $0 }.map { AuditPlace(of: $0) }
        let found = try lines(filter, limit: limit + 1, before: place)
        let shown = Array(found.prefix(limit))
        return Page(items: shown, next: found.count > limit ? shown.last?.id : nil)
    }

    func lines(_ filter: AuditFilter, limit: Int, before place: AuditPlace?) throws -> [AuditEntry] {
        let matching = reader.tables.audit.values.filter { entry in
            filter.takes(entry) && (place.map { (entry.at, entry.id) < ($0.at, $0.id) } ?? true)
        }
        return Array(matching.sorted { ($0.at, $0.id) > ($1.at, $1.id) }.prefix(limit))
    }
}

extension AuditFilter {
    fileprivate func takes(_ entry: AuditEntry) -> Bool {
        (action.map { entry.action == $0 } ?? true) && (user.map(entry.concerns) ?? true)
            && (initiator.map { entry.initiator == .user($0) } ?? true) && (object.map(entry.isAbout) ?? true)
            && (since.map { entry.at >= $0 } ?? true) && (until.map { entry.at < $0 } ?? true)
            && (isSuccess.map { entry.isSuccess == $0 } ?? true)
    }
}

extension AuditEntry {
    fileprivate func isAbout(_ object: String) -> Bool {
        let user: Identifier<User>? = Identifier(object)
        return switch subject {
        case .user(let id): id == user
        case .thing(_, let id, let owner): id == object || user != nil && owner == user
        case .server: false
        }
    }
}

struct InMemoryAuditWriter: AuditWriter {
    let writer: InMemoryWriter

    func append(_ entry: AuditEntry) throws {
        guard writer.tables.audit[entry.id] == nil else {
            throw PortError.conflict("the line exists already")
        }
        writer.set(\.audit, entry.id, entry)
    }

    func forgetAnonymous(before moment: Timestamp, limit: Int) throws -> Int {
        let old = writer.tables.audit.values.filter { $0.initiator == .anonymous && $0.at < moment }
            .prefix(limit)
        for entry in old { writer.set(\.audit, entry.id, nil) }
        return old.count
    }

    func forget(_ user: Identifier<User>) throws {
        for entry in writer.tables.audit.values where entry.concerns(user) {
            writer.set(\.audit, entry.id, entry.forgetting(user))
        }
    }
}

struct InMemoryAccountEvents: AccountEventReader {
    let reader: InMemoryReader

    func events(after number: Int64, limit: Int) throws -> [NumberedAccountEvent] {
        let later = reader.tables.accountEvents.values.filter { $0.number > number }
        return Array(later.sorted { $0.number < $1.number }.prefix(limit))
    }

    func latestNumber() throws -> Int64 { reader.tables.accountEvents.values.map(\.number).max() ?? 0 }
}

struct InMemoryAccountEventWriter: AccountEventWriter {
    let writer: InMemoryWriter

    func append(_ events: [AccountEvent]) throws {
        for event in events {
            let number = writer.nextAccountEventNumber()
            writer.set(\.accountEvents, number, NumberedAccountEvent(number: number, event: event))
        }
    }

    func forget(before moment: Timestamp, limit: Int) throws -> Int {
        let old = writer.tables.accountEvents.filter { $0.value.event.at < moment }.keys.prefix(limit)
        for number in old { writer.set(\.accountEvents, number, nil) }
        return old.count
    }
}

import Application
import Domain
import Infrastructure
import Testing

@Suite("records")
struct RecordTests {
    @Test("a damaged record is reported as corrupt and never traps", arguments: [1, 2, 3, 4])
    func damage(seed: UInt64) async throws {
        try await withStore { store in
            let task = try StoreSample.task(1)
            let transcript = Transcript(
                words: (0..<20).map {
                    Word(
                        text: "word\($0)", span: TimeSpan(start: Double($0), end: Double($0) + 0.5),
                        confidence: $0.isMultiple(of: 2) ? 0.5 : nil,
                        speaker: $0.isMultiple(of: 3) ? Speaker(label: "A") : nil)
                }, language: "en", engine: "test")
            try await store.write { writer in
                try writer.taskWriter.insert(task)
                try writer.clipWriter.put(StoreSample.clip(1, of: task, rank: 1))
                try writer.documentWriter.put(transcript, of: task.id)
                try writer.userWriter.insert(StoreSample.user(1))
                try writer.keyWriter.insert(StoreSample.key(1))
                try writer.invitationWriter.insert(StoreSample.invitation(1))
                try writer.accountEventWriter.append([StoreSample.event])
                try writer.webhookWriter.insert(StoreSample.webhook(1))
                _ = try writer.webhookWriter.insert(StoreSample.delivery(1))
            }
            var random = SplitMix(state: seed)
            for table in Table.allCases {
                for _ in 0..<60 {
                    let (cut, place, value) = (random.next(), random.next(), random.next())
                    try await store.database.write { session in
                        let whole = try session.record(of: table)
                        var bytes = whole
                        bytes[Int(place % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: value)
                        if cut.isMultiple(of: 2) { bytes.removeLast(Int(cut % UInt64(bytes.count))) }
                        try session.setRecord(of: table, to: bytes)
                    }
                    for read: (any StoreReader) throws -> Void in [
                        { _ = try $0.tasks.find(task.id) }, { _ = try $0.clips.all(of: task.id) },
                        { _ = try $0.documents.transcript(of: task.id) },
                        { _ = try $0.users.find(StoreSample.id(1)) },
                        { _ = try $0.keys.find(StoreSample.id(1)) },
                        { _ = try $0.invitations.find(StoreSample.id(1)) },
                        { _ = try $0.accountEvents.events(after: 0, limit: 1) },
                        { _ = try $0.webhooks.find(StoreSample.id(1)) },
                        { _ = try $0.webhooks.delivery(StoreSample.id(1)) },
                    ] {
                        do {
                            try store.read(read)
                        } catch let error as PortError {
                            guard case .corrupt = error else { throw error }
                        }
                    }
                }
            }
        }
    }

    @Test("a record of a version that is not known yet is refused")
    func newer() async throws {
        try await withStore { store in
            let task = try StoreSample.task(1)
            try await store.write { try $0.taskWriter.insert(task) }
            try await store.database.write { session in
                var bytes = try session.record(of: .tasks)
                bytes[0] = 200
                try session.setRecord(of: .tasks, to: bytes)
            }
            #expect(throws: PortError.corrupt("a record of unknown version")) {
                try store.read { try $0.tasks.find(task.id) }
            }
        }
    }
}

/// A small generator that gives the same numbers for the same seed (Steele, Lea, Flood: SplitMix64).
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// The tables whose records are damaged.
private enum Table: CaseIterable {
    case tasks, clips, documents, users, keys, invitations, events, webhooks, deliveries

    var select: SQL {
        switch self {
        case .tasks: "SELECT record FROM tasks"
        case .clips: "SELECT record FROM clips"
        case .documents: "SELECT record FROM task_documents"
        case .users: "SELECT record FROM users"
        case .keys: "SELECT record FROM api_keys"
        case .invitations: "SELECT record FROM invitations"
        case .events: "SELECT record FROM account_events"
        case .webhooks: "SELECT record FROM webhooks"
        case .deliveries: "SELECT record FROM webhook_deliveries"
        }
    }

    var update: SQL {
        switch self {
        case .tasks: "UPDATE tasks SET record = ?"
        case .clips: "UPDATE clips SET record = ?"
        case .documents: "UPDATE task_documents SET record = ?"
        case .users: "UPDATE users SET record = ?"
        case .keys: "UPDATE api_keys SET record = ?"
        case .invitations: "UPDATE invitations SET record = ?"
        case .events: "UPDATE account_events SET record = ?"
        case .webhooks: "UPDATE webhooks SET record = ?"
        case .deliveries: "UPDATE webhook_deliveries SET record = ?"
        }
    }
}

extension SQLiteSession {
    fileprivate func record(of table: Table) throws -> [UInt8] {
        try value(table.select) ?? []
    }

    fileprivate func setRecord(of table: Table, to bytes: [UInt8]) throws {
        try run(table.update, bytes)
    }
}

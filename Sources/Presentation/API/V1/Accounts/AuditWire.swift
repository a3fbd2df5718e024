internal import Application
internal import Domain
internal import Synchronization

/// How lines of the audit trail stand on the wire.
enum AuditWire {
    /// One thing that a line tells: its name, what it is, and its text; nil where there is nothing to tell.
    struct Column: Sendable {
        let name: String
        let doc: String
        let example: JSONValue?
        let text: @Sendable (AuditEntry) -> String?
    }

    /// What stands in a line, as far as it is text, in the order of the columns of a table.
    static let columns = [
        Column(name: "actor", doc: "Who did it: a user, the server itself, or someone anonymous.", "user") {
            switch $0.initiator {
            case .user: "user"
            case .server: "server"
            case .anonymous: "anonymous"
            }
        },
        Column(name: "actor_id", doc: "The user who did it.") {
            if case .user(let id) = $0.initiator { id.description } else { nil }
        },
        Column(
            name: "object", doc: "What it was done to: a user, the server, or a thing of that kind.",
            "api_key"
        ) {
            switch $0.subject {
            case .user: "user"
            case .thing(let kind, _, _): kind
            case .server: "server"
            }
        },
        Column(name: "object_id", doc: "By which it is found.") {
            switch $0.subject {
            case .user(let id): id.description
            case .thing(_, let id, _): id
            case .server: nil
            }
        },
        Column(name: "owner_id", doc: "The user whose thing it is.") {
            if case .thing(_, _, let owner) = $0.subject { owner?.description } else { nil }
        },
        Column(name: "address", doc: "From where; null when from the server itself, or forgotten.") {
            $0.address.map { "\($0)" }
        },
        Column(name: "detail", doc: "What else there is to say, such as a reason.", "spam") { $0.detail },
    ]

    static let entry = JSONOutput<AuditEntry>.object(
        "AuditEntry", "One line of the audit trail: who did what to whom, from where, and whether it worked.",
        [
            JSONField("id", .identifier(), "Its identifier.") { $0.id },
            JSONField("at", .moment, "When it happened.") { $0.at },
            JSONField("action", .name, "What was done.", example: "user_suspended") { $0.action },
            JSONField("success", .truth, "Whether it worked.") { $0.isSuccess },
        ] + columns.map { JSONField($0.name, .nullable(.text), $0.doc, example: $0.example, $0.text) })

    static let page: JSONOutput<Page<AuditEntry, Identifier<AuditEntry>>> = PageWire.page(
        "AuditPage", "A page of the audit trail, newest first.", of: entry)

    /// The names of the columns of a table.
    static let header = ["id", "at", "action", "success"] + columns.map(\.name)

    /// A line as a row of a table.
    static func row(_ entry: AuditEntry) -> [String] {
        [entry.id.description, entry.at.rfc3339, entry.action.rawValue, "\(entry.isSuccess)"]
            + columns.map { $0.text(entry) ?? "" }
    }
}

extension AuditWire.Column {
    fileprivate init(
        name: String, doc: String, _ example: JSONValue? = nil,
        text: @escaping @Sendable (AuditEntry) -> String?
    ) {
        self.init(name: name, doc: doc, example: example, text: text)
    }
}

/// The audit trail as a file, made while it is sent: no more of it than a piece is ever held.
final class AuditFile: ByteSource {
    /// What a file is written as.
    enum Form: String, CaseIterable, Sendable {
        case csv
        /// One object of JSON in each line.
        case jsonl

        var mediaType: String {
            switch self {
            case .csv: "text/csv"
            case .jsonl: "application/jsonl"
            }
        }
    }

    private struct State {
        var lines: AuditLines
        /// What was made and not yet read.
        var bytes: ArraySlice<UInt8>
    }

    private let form: Form
    private let state: Mutex<State>

    init(_ lines: AuditLines, as form: Form) {
        self.form = form
        let header = form == .csv ? CSV.row(AuditWire.header) : []
        state = Mutex(State(lines: lines, bytes: header[...]))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try state.withLock { state in
            if state.bytes.isEmpty {
                state.bytes = try state.lines.next().flatMap { form.line($0) }[...]
            }
            let part = state.bytes.prefix(buffer.count)
            buffer.copyBytes(from: part)
            state.bytes = state.bytes.dropFirst(part.count)
            return part.count
        }
    }
}

extension AuditFile.Form {
    fileprivate func line(_ entry: AuditEntry) -> [UInt8] {
        switch self {
        case .csv: CSV.row(AuditWire.row(entry))
        case .jsonl: AuditWire.entry.encode(entry) + [UInt8(ascii: "\n")]
        }
    }
}

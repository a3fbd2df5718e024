internal import Application
internal import Domain

/// The last changes and how many are remembered.
struct HealthPast: Sendable {
    let changes: [HealthTransition]
    let count: Int
}

/// How changes of health stand on the wire.
enum HealthChangeWire {
    static let history = JSONOutput<HealthPast>.object(
        "HealthHistory", "The last changes, newest first.",
        [
            JSONField("history", .list(of: numbered), "The changes.") { $0.changes },
            JSONField("total_history_entries", .count, "How many are remembered.", example: 1) { $0.count },
        ])

    private static let numbered = JSONOutput<HealthTransition>.object(
        "NumberedHealthChange", "A verdict that has become another one, with its number.",
        [JSONField("id", .count, "Its place in the order of changes.", example: 1) { $0.number }] + fields)

    private static let change = JSONOutput<HealthTransition>.object(
        "HealthChange", "A verdict that has become another one.", fields)

    private static let fields: [JSONField<HealthTransition>] = [
        JSONField("service", .text, "The part; system for the whole.", example: "store") {
            $0.part?.text ?? "system"
        },
        JSONField("from", .name, "What it was.", example: "healthy") { $0.previous },
        JSONField("to", .name, "What it is.", example: "unhealthy") { $0.level },
        .optional("because_of", .text, "The part from which the trouble comes.") { $0.cause?.text },
        JSONField("detail", .text, "What was found.") { $0.detail },
        JSONField("timestamp", .moment, "When.") { $0.at },
    ]

    private static let status = JSONOutput<(HealthLevel, Timestamp)>.object(
        "HealthNow", "How well everything is when one begins to follow.",
        [
            JSONField("status", .name, "How well.", example: "healthy") { $0.0 },
            JSONField("timestamp", .moment, "When.") { $0.1 },
        ])

    /// Any item as an event of a stream.
    static let event = JSONSchema.oneOf([
        event("status", data: status.schema), event("change", data: change.schema),
    ])

    private static func event(_ name: String, data: JSONSchema) -> JSONSchema {
        .object([
            JSONSchema.Property("event", .string(oneOf: [name]), required: true),
            JSONSchema.Property(
                "id", .string(pattern: "^[0-9]{1,18}$").described("By what it can be asked for again."),
                required: true),
            JSONSchema.Property("data", .string(holding: data), required: true),
        ])
    }

    /// An item as an event; nil for what this viewer is not told.
    static func message(_ item: HealthFeedItem, for viewer: HealthViewer) -> [UInt8]? {
        let (name, number, data): (String, Int64, [UInt8])
        switch item {
        case .status(let level, let last, let moment):
            (name, number, data) = ("status", last, status.encode((level, moment)))
        case .changed(let transition):
            guard viewer.seesDetails || transition.part == nil else { return nil }
            (name, number) = ("change", transition.number)
            data = change.encode(viewer.seesDetails ? transition : transition.inWords)
        }
        return ServerSentEvent(
            event: name, id: String(number), data: String(decoding: data, as: UTF8.self)
        ).encoded
    }
}

extension HealthTransition {
    /// The same without what it is about.
    fileprivate var inWords: HealthTransition {
        HealthTransition(
            number: number, part: part, from: previous, to: level, cause: nil, detail: "", at: at)
    }
}

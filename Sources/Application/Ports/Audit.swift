public import Domain

/// Which lines of the audit trail are asked for; nil is any.
public struct AuditFilter: Hashable, Sendable {
    /// What was done.
    public var action: AuditAction?
    /// Who did it, or to whom it was done.
    public var user: Identifier<User>?
    /// Who did it.
    public var initiator: Identifier<User>?
    /// What it was done to, by its identifier: a user or something of that user's, or a thing such as a key or a setting.
    public var object: String?
    /// From this moment on.
    public var since: Timestamp?
    /// Before this moment.
    public var until: Timestamp?
    /// Whether it worked.
    public var isSuccess: Bool?

    /// All lines.
    public init() {}
}

extension AuditEntry {
    /// For how long a line is kept about what nobody known did; all others stay.
    public static let lifetimeOfAnonymous = Duration.seconds(90 * 86_400)
}

/// A place in the order of the audit trail, which stays where it is when the line there is forgotten.
public struct AuditPlace: Hashable, Sendable {
    /// When what stands there was done.
    public let at: Timestamp
    /// The line that stands or stood there.
    public let id: Identifier<AuditEntry>

    /// The place of a line.
    public init(of line: AuditEntry) {
        self.init(of: line.id, at: line.at)
    }

    /// The place of a line about something that was done then.
    public init(of line: Identifier<AuditEntry>, at moment: Timestamp) {
        at = moment
        id = line
    }
}

/// Reads the audit trail.
public protocol AuditReader {
    /// Up to `limit` lines before a place, the latest moment first; nil begins with the latest.
    func lines(_ filter: AuditFilter, limit: Int, before place: AuditPlace?) throws -> [AuditEntry]
    /// Up to `limit` lines before the one at `cursor`, the latest moment first; nothing when there is no such line.
    func page(_ filter: AuditFilter, limit: Int, before cursor: Identifier<AuditEntry>?) throws
        -> Page<AuditEntry, Identifier<AuditEntry>>
}

/// Adds to the audit trail.
public protocol AuditWriter {
    /// Adds a line.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when there is one with its identifier.
    func append(_ entry: AuditEntry) throws
    /// Forgets up to `limit` lines of before `moment` about what nobody known did; returns how many.
    func forgetAnonymous(before moment: Timestamp, limit: Int) throws -> Int
    /// Takes what is personal out of every line that concerns a user; see ``Domain/AuditEntry/forgetting(_:)``.
    func forget(_ user: Identifier<User>) throws
}

/// An event with its number.
public struct NumberedAccountEvent: Hashable, Sendable {
    /// Its place in the order in which events were written, 1 for the first.
    public let number: Int64
    /// The event.
    public let event: AccountEvent

    /// An event at a place.
    public init(number: Int64, event: AccountEvent) {
        self.number = number
        self.event = event
    }
}

extension AccountEvent {
    /// For how long an event is kept for those who have yet to read it.
    public static let lifetime = Duration.seconds(30 * 86_400)
}

/// Reads the outbox of accounts.
public protocol AccountEventReader {
    /// Up to `limit` events with greater numbers than `number`, in order.
    func events(after number: Int64, limit: Int) throws -> [NumberedAccountEvent]
    /// The number of the last event that is kept, 0 when there is none.
    func latestNumber() throws -> Int64
}

/// Adds to the outbox of accounts.
public protocol AccountEventWriter {
    /// Adds events, in order.
    func append(_ events: [AccountEvent]) throws
    /// Forgets up to `limit` events that happened before `moment`; returns how many.
    func forget(before moment: Timestamp, limit: Int) throws -> Int
}

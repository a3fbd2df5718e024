public import Domain

/// Hands the audit trail out as a whole, for an administrator.
public struct ExportAudit: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Notes that the trail leaves the server, and then hands out its lines, newest first.
    ///
    /// - Parameter form: What they are written as, for the trail.
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(
        _ filter: AuditFilter = AuditFilter(), as form: String, by caller: Caller, from origin: Origin
    ) async throws -> AuditLines {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        try await desk.store.write { try $0.note(.auditExported, on: .server, of: deed, detail: form) }
        return AuditLines(store: desk.store, filter: filter)
    }
}

/// Lines of the audit trail, which are read a piece at a time: however many there are, no more than a piece of them
/// is held.
///
/// Each line is handed out once; those that are written meanwhile are not.
public struct AuditLines: Sendable {
    /// How many lines are read at once.
    static let pieceLength = 500

    private let store: any Store
    private let filter: AuditFilter
    /// Where the last line that was handed out stood; it may be forgotten meanwhile.
    private var place: AuditPlace?
    private var isAtEnd = false

    init(store: any Store, filter: AuditFilter) {
        self.store = store
        self.filter = filter
    }

    /// The next lines; none at the end.
    public mutating func next() throws -> [AuditEntry] {
        guard !isAtEnd else { return [] }
        let lines = try store.read {
            try $0.audit.lines(filter, limit: Self.pieceLength, before: place)
        }
        place = lines.last.map { AuditPlace(of: $0) }
        isAtEnd = lines.count < Self.pieceLength
        return lines
    }
}

public import Domain

/// Takes home all that is stored about the caller.
public struct ExportAccount: Sendable {
    /// How long a user waits from one export to the next: each reads all that there is.
    public static let pause = Duration.seconds(60)

    private let desk: AccountDesk
    private let media: any MediaStore

    /// The use case over its ports.
    public init(desk: AccountDesk, media: any MediaStore) {
        self.desk = desk
        self.media = media
    }

    /// Begins an export, and notes it in the audit trail.
    ///
    /// - Parameter withFiles: Whether the bytes of uploads and clips are in it.
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``, ``Domain/UserError``, ``ExportError``.
    public func callAsFunction(withFiles: Bool, by caller: Caller, from origin: Origin) async throws
        -> AccountExport
    {
        try caller.require(.accountSecurity)
        let deed = desk.deed(by: caller, from: origin)
        try await desk.store.write { writer in
            _ = try writer.activeUser(caller.user, at: deed.now)
            var filter = AuditFilter()
            filter.action = .userExported
            filter.user = caller.user
            filter.since = deed.now - Self.pause
            if let last = try writer.audit.page(filter, limit: 1, before: nil).items.first {
                throw ExportError.tooSoon(until: last.at + Self.pause)
            }
            try writer.note(.userExported, on: .user(caller.user), of: deed)
        }
        return AccountExport(
            of: caller, at: deed.now, from: desk.store, files: withFiles ? media : nil)
    }
}

/// Why nothing can be taken home now.
public enum ExportError: CodedError, Equatable {
    /// It was done a moment ago.
    case tooSoon(until: Timestamp)

    /// The stable code.
    public var code: String { "export_too_soon" }

    /// What was wrong and what to do.
    public var explanation: String { "Everything was taken home a moment ago. Wait a minute." }
}

/// Why and until when a user is kept out.
public struct Suspension: Hashable, Sendable {
    /// How many Unicode scalars a reason has, white space at its ends not counted.
    public static let reasonLength = 1...500

    /// Why, for the user and for administrators.
    public let reason: String
    /// When it began.
    public let since: Timestamp
    /// When it ends by itself; nil when only an administrator ends it.
    public let until: Timestamp?

    /// A suspension that begins at `since`.
    public init(reason: String, since: Timestamp, until: Timestamp?) throws(UserError) {
        let reason = reason.trimmed
        guard Self.reasonLength.contains(reason.unicodeScalars.count) else { throw .suspensionReason }
        if let until, until <= since { throw .suspensionEnd }
        self.reason = reason
        self.since = since
        self.until = until
    }

    /// Restores a suspension as a store kept it.
    public init(stored reason: String, since: Timestamp, until: Timestamp?) {
        self.reason = reason
        self.since = since
        self.until = until
    }

    /// Whether it keeps the user out at that moment.
    public func isInForce(at now: Timestamp) -> Bool {
        until.map { now < $0 } ?? true
    }
}

/// How many codes of one kind may be mailed to a user within an hour.
///
/// Whoever asks for them, a stranger too, cannot fill somebody's mailbox; the letters that did go out stay good.
public struct MailAllowance: Hashable, Sendable {
    /// How many are mailed within ``period`` at most.
    public static let limit = 3
    /// How long an hour is, from the first letter on.
    public static let period = Duration.seconds(3600)

    /// When the first of those that are counted was mailed; nil before the first of all.
    public private(set) var since: Timestamp?
    /// How many are counted.
    public private(set) var count: Int

    /// Nothing was mailed.
    public init() {
        since = nil
        count = 0
    }

    /// Restores what a store kept.
    public init(since: Timestamp, count: Int) {
        self.since = since
        self.count = count
    }

    /// One more is wanted: counts it and answers true, or changes nothing and answers false.
    public mutating func take(at now: Timestamp) -> Bool {
        guard let since, now < since + Self.period else {
            self = MailAllowance(since: now, count: 1)
            return true
        }
        guard count < Self.limit else { return false }
        count += 1
        return true
    }
}

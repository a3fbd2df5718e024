/// Whether something is foretold at present: raised only by two outlooks in a row that warn, over only after three that
/// do not, so that it does not come and go with each value.
public struct ForecastState: Hashable, Sendable {
    /// How many outlooks in a row raise it.
    public static let rise = 2
    /// How many outlooks in a row end it.
    public static let fall = 3

    /// Since when it holds, or held last.
    public private(set) var raisedAt: Timestamp?
    /// When it was over; nil while it holds.
    public private(set) var clearedAt: Timestamp?
    /// How many outlooks in a row spoke against how it is now.
    private var streak = 0

    /// Nothing was foretold so far.
    public init() {}

    /// Whether it holds.
    public var isRaised: Bool { raisedAt != nil && clearedAt == nil }

    /// Learns from an outlook.
    ///
    /// - Parameter warns: Whether it warns.
    public mutating func note(_ warns: Bool, at now: Timestamp) {
        guard warns != isRaised else { return streak = 0 }
        streak += 1
        guard streak >= (isRaised ? Self.fall : Self.rise) else { return }
        streak = 0
        if warns { (raisedAt, clearedAt) = (now, nil) } else { clearedAt = now }
    }
}

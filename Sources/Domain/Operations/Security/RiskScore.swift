/// A sum of points that fades: half of it is gone after each half-life.
///
/// It grows with how much happens and forgets by itself: one grave event is little, very many slight ones are much,
/// and neither is remembered for ever.
public struct RiskScore: Hashable, Sendable {
    /// How many points are 63 of 100 (1 − 1/e).
    public static let scale = 100.0

    /// After what time half of it is gone.
    public let halfLife: Duration
    private var sum = 0.0
    private var at: Timestamp?

    /// Nothing.
    public init(halfLife: Duration) {
        self.halfLife = halfLife
    }

    /// Adds points.
    public mutating func add(_ points: Double, at now: Timestamp) {
        sum = value(at: now) + points
        // A clock that was set back makes nothing grow.
        at = max(at ?? now, now)
    }

    /// The points that are left.
    public func value(at now: Timestamp) -> Double {
        guard let at, now > at else { return sum }
        return sum * power(0.5, (now - at).inSeconds / halfLife.inSeconds)
    }

    /// The score of 0–100 that the points come to: it never stops growing, and never gets there.
    public func percent(at now: Timestamp) -> Double {
        100 * (1 - exponential(-value(at: now) / Self.scale))
    }

    /// What a score of 0–100 is called: critical from 80 on, high from 60, medium from 40.
    public static func level(of percent: Double) -> SecurityEvent.Level {
        switch percent {
        case 80...: .critical
        case 60..<80: .high
        case 40..<60: .medium
        default: .low
        }
    }
}

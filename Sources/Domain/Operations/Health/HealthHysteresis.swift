/// Makes a verdict of single readings, so that one odd reading turns nothing.
///
/// After so many readings in a row that are worse than the verdict it falls, to the best of them; after so many in a
/// row that are better it rises, to the worst of them. A reading that agrees with the verdict, or is odd to the other
/// side, begins the count anew. These are the thresholds of Kubernetes' probes (failure 3, success 1), with a second
/// success asked for so that what comes and goes stays down.
public struct HealthHysteresis: Hashable, Sendable {
    /// How many readings in a row it takes.
    public struct Thresholds: Hashable, Sendable {
        /// Three down, two up.
        public static let ordinary = Thresholds(fall: 3, rise: 2)
        /// Every reading counts at once: for what is looked up rather than tried.
        public static let none = Thresholds(fall: 1, rise: 1)

        /// How many to fall.
        public let fall: Int
        /// How many to rise.
        public let rise: Int

        /// Thresholds, both at least 1.
        public init(fall: Int, rise: Int) {
            self.fall = max(1, fall)
            self.rise = max(1, rise)
        }
    }

    /// How many readings in a row it takes.
    public let thresholds: Thresholds
    /// The verdict; unknown before the first reading.
    public private(set) var settled = HealthLevel.unknown
    /// How many readings in a row were not as the verdict, to the same side.
    public private(set) var streak = 0
    /// Of these readings the one nearest to the verdict: what all of them are at least.
    private var nearest = HealthLevel.unknown

    /// No verdict yet.
    public init(_ thresholds: Thresholds = .ordinary) {
        self.thresholds = thresholds
    }

    /// Whether readings speak against the verdict, but not yet enough of them.
    public var isInDoubt: Bool { streak > 0 }

    /// Takes a reading.
    ///
    /// The first one is the verdict; so is what says that maintenance begins or is over, which nobody measures.
    ///
    /// - Returns: Whether the verdict is another one now.
    public mutating func take(_ reading: HealthLevel) -> Bool {
        guard reading != settled else {
            streak = 0
            return false
        }
        if settled == .unknown || settled == .maintenance || reading == .maintenance {
            return settle(reading)
        }
        let falls = reading > settled
        if streak > 0, falls == (nearest > settled) {
            nearest = falls ? min(nearest, reading) : max(nearest, reading)
            streak += 1
        } else {
            (nearest, streak) = (reading, 1)
        }
        return streak >= (falls ? thresholds.fall : thresholds.rise) ? settle(nearest) : false
    }

    private mutating func settle(_ level: HealthLevel) -> Bool {
        (settled, streak) = (level, 0)
        return true
    }
}

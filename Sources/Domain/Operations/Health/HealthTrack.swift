/// What is known about one part over time: the verdict, the last readings, for how much of the day it worked.
public struct HealthTrack: Sendable {
    /// One reading of the past.
    public struct Sample: Hashable, Sendable {
        /// What was read.
        public let level: HealthLevel
        /// When.
        public let at: Timestamp
        /// How long the look took.
        public let took: Duration
    }

    /// How many readings are kept: ten minutes' worth at the ordinary pace.
    public static let historyLength = 60

    /// How it is looked at.
    public let pace: HealthPace
    /// What the last look has found.
    public private(set) var latest: HealthReading?
    private var hysteresis: HealthHysteresis
    private var history = RecentValues<Sample>(capacity: Self.historyLength)
    private var availability = Availability()

    /// A part that was never looked at.
    public init(_ pace: HealthPace) {
        self.pace = pace
        hysteresis = HealthHysteresis(pace.thresholds)
    }

    /// The verdict, however old.
    public var settled: HealthLevel { hysteresis.settled }

    /// Whether the next look should come soon.
    public var isUrgent: Bool { hysteresis.isInDoubt || settled != .healthy }

    /// The last readings, oldest first.
    public var samples: [Sample] { history.all }

    /// Whether what is known is too old to say anything.
    public func isStale(at now: Timestamp) -> Bool {
        guard let latest else { return true }
        return latest.age(at: now) > pace.staleAge
    }

    /// The verdict, unknown when it is too old.
    public func level(at now: Timestamp) -> HealthLevel { isStale(at: now) ? .unknown : settled }

    /// Takes a reading.
    ///
    /// - Returns: Whether the verdict is another one now.
    public mutating func take(_ reading: HealthReading) -> Bool {
        if let latest {
            // What was not looked at for long counts only as long as the last reading said anything.
            let end = min(reading.at, latest.at + pace.staleAge)
            availability.add(settled, from: latest.at, to: end)
        }
        latest = reading
        history.append(Sample(level: reading.health.level, at: reading.at, took: reading.took))
        return hysteresis.take(reading.health.level)
    }

    /// For how much of the last day it did its work, 0–1; nil when nothing is known.
    public func availability(at now: Timestamp) -> Double? { availability.share(at: now) }

    /// The share of bad readings among those that are kept, 0–1.
    public var errorRate: Double {
        let samples = samples
        return samples.isEmpty
            ? 0 : Double(samples.count { $0.level == .unhealthy }) / Double(samples.count)
    }

    /// The time below which `share` of the looks that are kept have ended; nil before the first.
    public func responseTime(quantile share: Double) -> Duration? {
        let times = samples.map(\.took).sorted()
        guard !times.isEmpty else { return nil }
        return times[min(times.count - 1, max(0, Int(Double(times.count) * share)))]
    }
}

/// A time in which a part is kept from its work on purpose.
public struct MaintenanceWindow: Hashable, Sendable {
    /// The part.
    public let part: ComponentName
    /// When it begins.
    public let start: Timestamp
    /// When it is over.
    public let end: Timestamp

    /// A window, or nil when it would end before it begins.
    public init?(of part: ComponentName, from start: Timestamp, to end: Timestamp) {
        guard start < end else { return nil }
        self.part = part
        self.start = start
        self.end = end
    }

    /// Whether it is that time.
    public func contains(_ moment: Timestamp) -> Bool { start <= moment && moment < end }
}

/// A change of the verdict about a part, or about the whole.
public struct HealthTransition: Hashable, Sendable {
    /// Its place in the order of changes of this process, from 1.
    public let number: Int64
    /// The part; nil for the whole.
    public let part: ComponentName?
    /// What the verdict was.
    public let previous: HealthLevel
    /// What it is.
    public let level: HealthLevel
    /// The part from which the trouble comes, if it is another one.
    public let cause: ComponentName?
    /// What was found, in a sentence.
    public let detail: String
    /// When.
    public let at: Timestamp

    /// A change of a verdict.
    public init(
        number: Int64, part: ComponentName?, from previous: HealthLevel, to level: HealthLevel,
        cause: ComponentName?, detail: String, at: Timestamp
    ) {
        self.number = number
        self.part = part
        self.previous = previous
        self.level = level
        self.cause = cause
        self.detail = detail
        self.at = at
    }
}

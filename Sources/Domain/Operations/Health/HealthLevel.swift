/// How well something is.
public enum HealthLevel: String, CaseIterable, Comparable, Sendable {
    /// It does all that it should.
    case healthy
    /// Nobody knows: it was never looked at, or too long ago.
    case unknown
    /// It does its main work, but something is missing.
    case degraded
    /// It is kept from its work on purpose, for a time that was said before.
    case maintenance
    /// It cannot do its work.
    case unhealthy

    /// Orders from well to unwell.
    ///
    /// What is known to be missing weighs more than what is not known, as in Spring's roll-up of statuses; what is
    /// in maintenance does no work either, and so stands beside what cannot.
    public static func < (first: HealthLevel, second: HealthLevel) -> Bool {
        first.severity < second.severity
    }

    /// Whether what is so well does its work: what is not known is given the benefit of the doubt, since a verdict
    /// that is missing must not take a server out of service.
    public var allowsWork: Bool { self < .maintenance }

    private var severity: Int {
        switch self {
        case .healthy: 0
        case .unknown: 1
        case .degraded: 2
        case .maintenance: 3
        case .unhealthy: 4
        }
    }
}

/// A number that a look at a part brought along.
public struct HealthMeasurement: Hashable, Sendable {
    /// Of what a number tells.
    public enum Unit: String, CaseIterable, Sendable {
        /// Bytes.
        case bytes
        /// Seconds.
        case seconds
        /// A share, 1 being all.
        case ratio
        /// A number of things.
        case count
    }

    /// What was measured, in snake case, such as `free_bytes`.
    public let name: String
    /// How much it was.
    public let value: Double
    /// In what.
    public let unit: Unit

    /// A number with its name.
    public init(_ name: String, _ value: Double, _ unit: Unit) {
        self.name = name
        self.value = value
        self.unit = unit
    }
}

/// What a look at one part has found.
public struct ComponentHealth: Hashable, Sendable {
    /// The part's name, such as `store` or `ffmpeg`.
    public let name: String
    /// How well it is.
    public let level: HealthLevel
    /// What was found, in a sentence.
    public let detail: String
    /// Whether nothing works without it.
    public let isEssential: Bool
    /// What was measured on the way.
    public let measurements: [HealthMeasurement]

    /// How well one part is.
    public init(
        name: String, level: HealthLevel, detail: String, isEssential: Bool,
        measurements: [HealthMeasurement] = []
    ) {
        self.name = name
        self.level = level
        self.detail = detail
        self.isEssential = isEssential
        self.measurements = measurements
    }
}

/// What one look at a part has found, and when.
public struct HealthReading: Hashable, Sendable {
    /// What was found.
    public let health: ComponentHealth
    /// When.
    public let at: Timestamp
    /// How long the look took.
    public let took: Duration

    /// A look at a part.
    public init(_ health: ComponentHealth, at: Timestamp, took: Duration) {
        self.health = health
        self.at = at
        self.took = took
    }

    /// How old it is; not negative, also when the clock was set back.
    public func age(at now: Timestamp) -> Duration { max(.zero, now - at) }
}

/// How well something is.
public enum HealthLevel: String, CaseIterable, Comparable, Sendable {
    /// It does all that it should.
    case healthy
    /// It does its main work, but something is missing.
    case degraded
    /// It cannot do its work.
    case unhealthy

    /// Orders from well to unwell.
    public static func < (first: HealthLevel, second: HealthLevel) -> Bool {
        first.severity < second.severity
    }

    private var severity: Int {
        switch self {
        case .healthy: 0
        case .degraded: 1
        case .unhealthy: 2
        }
    }
}

/// How well one part is.
public struct ComponentHealth: Hashable, Sendable {
    /// The part's name, such as `store` or `ffmpeg`.
    public let name: String
    /// How well it is.
    public let level: HealthLevel
    /// What was found, in a sentence.
    public let detail: String
    /// Whether nothing works without it.
    public let isEssential: Bool

    /// How well one part is.
    public init(name: String, level: HealthLevel, detail: String, isEssential: Bool) {
        self.name = name
        self.level = level
        self.detail = detail
        self.isEssential = isEssential
    }
}

/// How well everything is.
public struct HealthReport: Hashable, Sendable {
    /// The parts, in the order in which they were asked.
    public let components: [ComponentHealth]
    /// When they were asked.
    public let checkedAt: Timestamp

    /// The findings of one round.
    public init(components: [ComponentHealth], checkedAt: Timestamp) {
        self.components = components
        self.checkedAt = checkedAt
    }

    /// As bad as the worst essential part; a part that is not essential degrades at most.
    public var level: HealthLevel {
        components.map { $0.isEssential ? $0.level : min($0.level, .degraded) }.max() ?? .healthy
    }

    /// Whether new work can be taken.
    public var isReady: Bool { level != .unhealthy }
}

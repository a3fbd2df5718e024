/// How one part stands in the company of the others.
public struct PartHealth: Hashable, Sendable {
    /// What it says about itself.
    public let description: ComponentDescription
    /// The verdict, with what it needs taken into account.
    public let verdict: HealthRollUp.Verdict
    /// What the last look has found; nil when there was none.
    public let latest: HealthReading?
    /// How old that is.
    public let age: Duration?
    /// Whether that is too old to say anything.
    public let isStale: Bool
    /// For how much of the last day it did its work, 0–1; nil when nothing is known.
    public let availability: Double?
    /// The share of bad readings among the last ones, 0–1.
    public let errorRate: Double
    /// The time below which 95 of 100 of the last looks have ended.
    public let slowResponseTime: Duration?
    /// How many readings are kept.
    public let historyLength: Int

    /// How a part stands.
    public init(
        _ description: ComponentDescription, verdict: HealthRollUp.Verdict, track: HealthTrack,
        at now: Timestamp
    ) {
        self.description = description
        self.verdict = verdict
        latest = track.latest
        age = track.latest?.age(at: now)
        isStale = track.isStale(at: now)
        availability = track.availability(at: now)
        errorRate = track.errorRate
        slowResponseTime = track.responseTime(quantile: 0.95)
        historyLength = track.samples.count
    }

    /// Its name.
    public var name: ComponentName { description.name }

    /// How well it is.
    public var level: HealthLevel { verdict.level }

    /// What was found, in a sentence; whose fault it is, where it is another part's.
    public var detail: String {
        let found = latest?.health.detail ?? "not looked at yet"
        if let cause = verdict.cause { return "\(level.rawValue) because of \(cause): \(found)" }
        guard isStale, let age else { return found }
        return "not looked at for \(Int(age.inSeconds)) s: \(found)"
    }

    /// What is wrong with it: nothing unless it is unhealthy.
    public var errors: [String] { level == .unhealthy ? [detail] : [] }

    /// What is not as it should be, though it works.
    public var warnings: [String] { level == .unhealthy || level == .healthy ? [] : [detail] }
}

/// How well everything is.
public struct HealthReport: Hashable, Sendable {
    /// The parts, in the order in which they were named.
    public let parts: [PartHealth]
    /// How well the whole is.
    public let level: HealthLevel
    /// Where all that is wrong comes from, each part once.
    public let rootCauses: [ComponentName]
    /// When this was put together; each part says how old what is known of it is.
    public let checkedAt: Timestamp

    /// How well everything is.
    public init(
        parts: [PartHealth], level: HealthLevel, rootCauses: [ComponentName], checkedAt: Timestamp
    ) {
        self.parts = parts
        self.level = level
        self.rootCauses = rootCauses
        self.checkedAt = checkedAt
    }

    /// The part of that name; nil when there is none.
    public subscript(name: String) -> PartHealth? { parts.first { $0.name.text == name } }

    /// How many parts are so well.
    public func count(of level: HealthLevel) -> Int { parts.count { $0.level == level } }

    /// How long looking takes on average, in seconds; 0 before the first look.
    public var averageResponseTime: Double {
        let times = parts.compactMap { $0.latest?.took.inSeconds }
        return times.isEmpty ? 0 : times.reduce(0, +) / Double(times.count)
    }
}

/// Whether the server can be used, in as few words as a load balancer needs.
public struct HealthReadiness: Hashable, Sendable {
    /// Whether every critical part was looked at at least once.
    public let isStarted: Bool
    /// Whether new work can be taken.
    public let isReady: Bool
    /// How well the whole is.
    public let level: HealthLevel
    /// The critical parts that keep it from taking work.
    public let failing: [String]

    /// Whether the server can be used.
    public init(isStarted: Bool, isReady: Bool, level: HealthLevel, failing: [String]) {
        self.isStarted = isStarted
        self.isReady = isReady
        self.level = level
        self.failing = failing
    }
}

/// Some parts under one name, for whoever asks about these alone.
public struct HealthGroup: Hashable, Sendable {
    /// Its name.
    public let name: ComponentName
    /// The parts that belong to it; one that is not there is unknown.
    public let members: [ComponentName]

    /// A group.
    public init(_ name: ComponentName, of members: [ComponentName]) {
        self.name = name
        self.members = members
    }

    /// How well its members are: as bad as the worst, unknown when it has none.
    public func level(in report: HealthReport) -> HealthLevel {
        members.map { report[$0.text]?.level ?? .unknown }.max() ?? .unknown
    }
}

/// What a number of events come to.
public struct SecurityReport: Sendable {
    /// How the events of late compare to those before.
    public enum Trend: String, CaseIterable, Sendable {
        case increasing, stable, decreasing
    }

    /// Something out of the ordinary.
    public struct Anomaly: Hashable, Sendable {
        /// What kind it is.
        public enum Kind: String, CaseIterable, Sendable {
            /// Many events within a short time.
            case burst
            /// Hardly an agent occurs twice.
            case agentDiversity = "agent_diversity"
            /// One address tries many kinds of attacks.
            case manyVectors = "many_vectors"
        }

        /// What kind it is.
        public let kind: Kind
        /// What was seen, in a sentence.
        public let detail: String
    }

    /// The number of events within ``burstWindow`` from which on they are a burst.
    public static let burst = 10
    /// The time in which they come.
    public static let burstWindow = Duration.seconds(300)

    /// The events that it is about, oldest first.
    public let events: [SecurityEvent]
    /// How many hours it covers.
    public let hours: Int
    /// Its end.
    public let now: Timestamp

    /// What those of `events` come to that happened within so many hours.
    public init(_ events: [SecurityEvent], hours: Int, now: Timestamp) {
        let start = now - .seconds(Int64(hours) * 3600)
        self.events = events.filter { $0.at >= start && $0.at <= now }
        self.hours = max(1, hours)
        self.now = now
    }

    /// How many events there are of each of something.
    public func counts<Key: Hashable>(by key: (SecurityEvent) -> Key) -> [Key: Int] {
        events.reduce(into: [:]) { $0[key($1), default: 0] += 1 }
    }

    /// The events of each hour, oldest first, empty hours too.
    public var byHour: [Int] {
        var hours = Array(repeating: 0, count: self.hours)
        for event in events {
            let age = Int((now - event.at).wholeMilliseconds / 3_600_000)
            if age < self.hours { hours[self.hours - 1 - age] += 1 }
        }
        return hours
    }

    /// How the last three hours compare to those before, each by the hour: more than half as much again is an increase,
    /// less than half a decrease.
    public var trend: Trend {
        let hours = byHour
        let (late, early) = (hours.suffix(3), hours.dropLast(3))
        guard !early.isEmpty else { return .stable }
        func mean(_ hours: ArraySlice<Int>) -> Double { Double(hours.reduce(0, +)) / Double(hours.count) }
        let (now, before) = (mean(late), mean(early))
        if before == 0 { return now == 0 ? .stable : .increasing }
        return now > 1.5 * before ? .increasing : now < 0.5 * before ? .decreasing : .stable
    }

    /// How bad it is, 0–100: it grows with what happens and fades by half within an hour.
    public var risk: Double {
        var score = RiskScore(halfLife: .seconds(3600))
        for event in events { score.add(event.level.weight, at: event.at) }
        return score.percent(at: now)
    }

    /// The kinds of hostile events, the most frequent first.
    public var vectors: [(kind: SecurityEvent.Kind, count: Int, level: SecurityEvent.Level)] {
        SecurityEvent.Kind.allCases.compactMap { kind in
            let all = events.filter { $0.kind == kind && ($0.kind.isHostile || $0.level >= .high) }
            guard let worst = all.map(\.level).max() else { return nil }
            return (kind, all.count, worst)
        }.sorted { $0.count > $1.count }
    }

    /// What is out of the ordinary.
    public var anomalies: [Anomaly] {
        var found: [Anomaly] = []
        if let burst = greatestBurst, burst > Self.burst {
            found.append(
                Anomaly(
                    kind: .burst, detail: "\(burst) events within \(Int(Self.burstWindow.inSeconds)) s"))
        }
        let agents = Set(events.map(\.agent)).count
        if events.count >= Self.burst, agents * 10 > events.count * 8 {
            found.append(
                Anomaly(kind: .agentDiversity, detail: "\(agents) agents in \(events.count) events"))
        }
        let kinds = events.reduce(into: [:] as [NetworkAddress: Set<SecurityEvent.Kind>]) { kinds, event in
            guard let address = event.address, event.kind.isHostile else { return }
            kinds[address.subscriber, default: []].insert(event.kind)
        }
        if let (address, tried) = kinds.max(by: { $0.value.count < $1.value.count }), tried.count >= 3 {
            found.append(
                Anomaly(kind: .manyVectors, detail: "\(address) tried \(tried.count) kinds of attacks"))
        }
        return found
    }

    /// The most events within ``burstWindow``, wherever it lies; nil without any.
    private var greatestBurst: Int? {
        var (first, most) = (0, 0)
        for last in events.indices {
            while events[last].at - events[first].at > Self.burstWindow { first += 1 }
            most = max(most, last - first + 1)
        }
        return events.isEmpty ? nil : most
    }
}

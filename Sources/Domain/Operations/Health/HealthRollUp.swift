/// How well parts are, given what each needs of the others; and who is to blame.
///
/// The descriptions are gone through once; after that each roll-up takes the levels in the same order.
public struct HealthRollUp: Sendable {
    /// How well one part is in the company of those that it needs.
    public struct Verdict: Hashable, Sendable {
        /// How well.
        public let level: HealthLevel
        /// The deepest part from which the trouble comes; nil when nothing is wrong, or the part itself is it.
        public let cause: ComponentName?

        /// A verdict.
        public init(_ level: HealthLevel, because cause: ComponentName? = nil) {
            self.level = level
            self.cause = cause
        }
    }

    private struct Need: Sendable {
        /// Nil for a part that nobody knows.
        let index: Int?
        let name: ComponentName
        let kind: ComponentDependency.Kind
    }
    private struct Part: Sendable {
        let name: ComponentName
        let isCritical: Bool
        let needs: [Need]
    }
    private let parts: [Part]

    /// A roll-up of these parts; of two with one name those who need it get the first.
    public init(_ descriptions: [ComponentDescription]) {
        let places = Dictionary(descriptions.enumerated().map { ($1.name, $0) }) { first, _ in first }
        parts = descriptions.map { description in
            Part(
                name: description.name, isCritical: description.isCritical,
                needs: description.dependencies.map {
                    Need(index: places[$0.name], name: $0.name, kind: $0.kind)
                })
        }
    }

    /// The verdicts on all parts.
    ///
    /// Nothing is better than what it requires; what it can do without degrades it at most, and what is soft does
    /// nothing to it. A part that is needed and that nobody knows is unknown, not healthy. Around a cycle each part is
    /// judged by itself.
    ///
    /// - Parameter levels: How well each is by itself, in the order of the descriptions.
    public func verdicts(of levels: [HealthLevel]) -> [Verdict] {
        var judge = Judge(parts: parts, levels: levels)
        return parts.indices.map { judge.verdict(on: $0) }
    }

    private struct Judge {
        let parts: [Part]
        let levels: [HealthLevel]
        var verdicts: [Verdict?]
        var isOpen: [Bool]

        init(parts: [Part], levels: [HealthLevel]) {
            self.parts = parts
            self.levels = levels
            verdicts = Array(repeating: nil, count: parts.count)
            isOpen = Array(repeating: false, count: parts.count)
        }

        mutating func verdict(on index: Int) -> Verdict {
            if let known = verdicts[index] { return known }
            let own = index < levels.count ? levels[index] : .unknown
            guard !isOpen[index] else { return Verdict(own) }
            isOpen[index] = true
            defer { isOpen[index] = false }
            var verdict = Verdict(own)
            for need in parts[index].needs {
                let other = need.index.map { self.verdict(on: $0) } ?? Verdict(.unknown)
                let weight = need.kind.weight(of: other.level)
                // What fails together with what it needs most likely fails by it.
                let isBlamed = verdict.cause == nil && weight == verdict.level && weight != .healthy
                if weight > verdict.level || isBlamed {
                    verdict = Verdict(weight, because: other.cause ?? need.name)
                }
            }
            verdicts[index] = verdict
            return verdict
        }
    }

    /// How well the whole is: as bad as its worst critical part, and at most degraded by any other.
    ///
    /// - Returns: Unknown where there are no parts: of nothing nobody knows that it is well.
    public func level(of verdicts: [Verdict]) -> HealthLevel {
        zip(parts, verdicts).map { part, verdict in
            part.isCritical ? verdict.level : min(verdict.level, .degraded)
        }.max() ?? .unknown
    }

    /// Where all that is wrong comes from, each part once.
    public func rootCauses(of verdicts: [Verdict]) -> [ComponentName] {
        var causes: [ComponentName] = []
        for (part, verdict) in zip(parts, verdicts) where verdict.level != .healthy {
            let cause = verdict.cause ?? part.name
            if !causes.contains(cause) { causes.append(cause) }
        }
        return causes
    }
}

extension ComponentDependency.Kind {
    /// What is left of the trouble of a part for those who need it so much.
    fileprivate func weight(of level: HealthLevel) -> HealthLevel {
        switch self {
        case .required: level
        case .optional: min(level, .degraded)
        case .soft: .healthy
        }
    }
}

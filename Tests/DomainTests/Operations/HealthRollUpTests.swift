import Domain
import Testing

@Suite("The verdict on all parts")
struct HealthRollUpTests {
    private static func name(_ text: String) -> ComponentName {
        guard let name = ComponentName(text) else { preconditionFailure("\(text) is no name") }
        return name
    }

    private func part(
        _ name: String, needs: [(String, ComponentDependency.Kind)] = [], critical: Bool = true
    ) -> ComponentDescription {
        ComponentDescription(
            Self.name(name), version: "", summary: name,
            dependencies: needs.map { ComponentDependency(Self.name($0.0), $0.1) }, isCritical: critical)
    }

    @Test(
        "C66, O36: the whole is as bad as its worst critical part, and at most degraded by any other",
        arguments: [
            ([(HealthLevel.healthy, true), (.healthy, false)], HealthLevel.healthy),
            ([(.healthy, true), (.unhealthy, false)], .degraded),
            ([(.healthy, true), (.maintenance, false)], .degraded),
            ([(.healthy, true), (.unknown, false)], .unknown),
            ([(.degraded, true), (.healthy, false)], .degraded),
            ([(.unknown, true), (.healthy, true)], .unknown),
            ([(.maintenance, true), (.degraded, true)], .maintenance),
            ([(.unhealthy, true), (.maintenance, true)], .unhealthy),
        ])
    func whole(_ parts: [(HealthLevel, Bool)], _ expected: HealthLevel) {
        let rollUp = HealthRollUp(parts.enumerated().map { part("part\($0)", critical: $1.1) })
        #expect(rollUp.level(of: rollUp.verdicts(of: parts.map(\.0))) == expected)
    }

    @Test("O36: of nothing nobody knows that it is well")
    func empty() {
        let rollUp = HealthRollUp([])
        #expect(rollUp.level(of: rollUp.verdicts(of: [])) == .unknown)
    }

    @Test(
        "O36: only what does its work, or might, is given work",
        arguments: zip(HealthLevel.allCases.sorted(), [true, true, true, false, false]))
    func work(_ level: HealthLevel, _ allows: Bool) {
        #expect(level.allowsWork == allows)
    }

    @Test("O35: dependents say because of whom, down to the deepest part that fails")
    func rootCause() {
        let rollUp = HealthRollUp([
            part("api", needs: [("tasks", .required)]), part("tasks", needs: [("store", .required)]),
            part("store", needs: [("disk", .required)]), part("disk"), part("mail", critical: false),
        ])
        let verdicts = rollUp.verdicts(of: [.healthy, .degraded, .healthy, .unhealthy, .healthy])
        #expect(verdicts.map(\.level) == [.unhealthy, .unhealthy, .unhealthy, .unhealthy, .healthy])
        let disk = Self.name("disk")
        #expect(verdicts.map(\.cause) == [disk, disk, disk, nil, nil])
        #expect(rollUp.rootCauses(of: verdicts) == [disk])
        // What fails together with what it needs most likely fails by it.
        let both = rollUp.verdicts(of: [.healthy, .healthy, .unhealthy, .unhealthy, .healthy])
        #expect(both[2].cause == disk)
        // What is worse than what it needs has itself to blame.
        let own = rollUp.verdicts(of: [.healthy, .healthy, .unhealthy, .degraded, .healthy])
        #expect(own[2] == HealthRollUp.Verdict(.unhealthy) && own[0].cause == Self.name("store"))
    }

    @Test(
        "O35: what can be done without degrades, and what is soft does nothing",
        arguments: [
            (ComponentDependency.Kind.required, HealthLevel.unhealthy, HealthLevel.unhealthy),
            (.required, .maintenance, .maintenance), (.required, .degraded, .degraded),
            (.required, .unknown, .unknown), (.optional, .unhealthy, .degraded),
            (.optional, .maintenance, .degraded), (.optional, .unknown, .unknown),
            (.soft, .unhealthy, .healthy), (.soft, .unknown, .healthy),
        ])
    func kinds(_ kind: ComponentDependency.Kind, _ level: HealthLevel, _ expected: HealthLevel) {
        let rollUp = HealthRollUp([part("one", needs: [("other", kind)]), part("other")])
        let verdict = rollUp.verdicts(of: [.healthy, level])[0]
        #expect(verdict.level == expected)
        #expect(verdict.cause == (expected == .healthy ? nil : Self.name("other")))
    }

    @Test("O35: a part that is needed and that nobody knows is unknown, not healthy")
    func missing() {
        let rollUp = HealthRollUp([part("one", needs: [("nobody", .required)])])
        let verdict = rollUp.verdicts(of: [.healthy])[0]
        #expect(verdict == HealthRollUp.Verdict(.unknown, because: Self.name("nobody")))
    }

    @Test("parts that need each other in a circle are judged, and end")
    func cycle() {
        let rollUp = HealthRollUp([
            part("one", needs: [("two", .required)]), part("two", needs: [("one", .required)]),
        ])
        #expect(rollUp.verdicts(of: [.healthy, .unhealthy]).map(\.level) == [.unhealthy, .unhealthy])
    }
}

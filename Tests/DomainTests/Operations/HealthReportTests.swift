import Domain
import Testing

@Suite struct HealthReportTests {
    @Test(
        "C66: the whole is as bad as its worst essential part, and at most degraded by any other",
        arguments: [
            ([], HealthLevel.healthy),
            ([(HealthLevel.healthy, true), (.healthy, false)], .healthy),
            ([(.healthy, true), (.unhealthy, false)], .degraded),
            ([(.degraded, true), (.healthy, false)], .degraded),
            ([(.unhealthy, true), (.healthy, false)], .unhealthy),
        ])
    func level(_ parts: [(HealthLevel, Bool)], _ expected: HealthLevel) {
        let report = HealthReport(
            components: parts.map { ComponentHealth(name: "part", level: $0, detail: "", isEssential: $1) },
            checkedAt: Timestamp(milliseconds: 0))
        #expect(report.level == expected)
        #expect(report.isReady == (expected != .unhealthy))
    }
}

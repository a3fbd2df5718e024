public import Domain

/// Asks every part how well it is.
public struct CheckHealth: Sendable {
    private let probes: [any HealthProbe]
    private let clock: any WallClock

    /// The use case over the parts' probes.
    public init(probes: [any HealthProbe], clock: any WallClock) {
        self.probes = probes
        self.clock = clock
    }

    /// How well everything is now; the probes are asked side by side.
    public func callAsFunction() async -> HealthReport {
        let components = await withTaskGroup(of: (Int, ComponentHealth).self) { group in
            for (index, probe) in probes.enumerated() {
                group.addTask { (index, await probe.check()) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return HealthReport(
            components: components.sorted { $0.0 < $1.0 }.map(\.1), checkedAt: clock.now())
    }
}

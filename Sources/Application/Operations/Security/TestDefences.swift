public import Domain

/// Tries out the server's defences and asks everything that it depends on.
public struct TestDefences: Sendable {
    private let watch: SecurityWatch
    private let health: HealthMonitor

    /// The use case over its ports.
    package init(watch: SecurityWatch, health: HealthMonitor) {
        self.watch = watch
        self.health = health
    }

    /// How well every part is; the share of attacks that were found is kept for the numbers of the edge.
    ///
    /// - Parameter detectionRate: The share of attacks that the screen has found, 0…1.
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(detectionRate: Double, by caller: Caller) throws -> [ComponentHealth] {
        try caller.require(.admin)
        watch.detectionRate = detectionRate
        return health.report().parts.map(ComponentHealth.init)
    }
}

extension ComponentHealth {
    /// What was found of a part, with the verdict about it.
    fileprivate init(_ part: PartHealth) {
        self.init(
            name: part.name.text, level: part.level, detail: part.detail,
            isEssential: part.description.isCritical)
    }
}

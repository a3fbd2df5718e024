public import Domain

/// Tries out the server's defences and asks everything that it depends on.
public struct TestDefences: Sendable {
    private let watch: SecurityWatch
    private let checkHealth: CheckHealth

    /// The use case over its ports.
    public init(watch: SecurityWatch, checkHealth: CheckHealth) {
        self.watch = watch
        self.checkHealth = checkHealth
    }

    /// How well everything is; the share of attacks that were found is kept for the numbers of the edge.
    ///
    /// - Parameter detectionRate: The share of attacks that the screen has found, 0…1.
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(detectionRate: Double, by caller: Caller) async throws -> HealthReport {
        try caller.require(.admin)
        watch.detectionRate = detectionRate
        return await checkHealth()
    }
}

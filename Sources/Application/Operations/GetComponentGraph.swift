public import Domain

/// In which order the parts of a process start, and which of them make it wait.
public struct ComponentPlan: Sendable {
    /// The parts in an order in which they can be started one by one.
    public let order: [ComponentName]
    /// The parts that can be started side by side.
    public let levels: [[ComponentName]]
    /// The chain of parts that takes longest to start, by the starts of this process.
    public let criticalPath: [ComponentName]
    /// How long that chain takes.
    public let criticalTime: Duration
}

/// Shows in which order the parts of this process start, and which of them make it wait.
public struct GetComponentGraph: Sendable {
    private let runner: ComponentRunner

    /// The use case over what runs the parts.
    public init(runner: ComponentRunner) {
        self.runner = runner
    }

    /// The order, the levels and the critical path by what the last starts took.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) throws -> ComponentPlan {
        try caller.require(.admin)
        let graph = runner.graph
        let times = Dictionary(
            uniqueKeysWithValues: runner.statuses.map { ($0.description.name, $0.lifecycle.startTime) })
        let path = graph.criticalPath { (times[$0] ?? nil) ?? .zero }
        return ComponentPlan(
            order: graph.order, levels: graph.levels, criticalPath: path.names, criticalTime: path.duration)
    }
}

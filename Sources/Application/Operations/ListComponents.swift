public import Domain

/// A part of the program with how well it says that it is.
public struct ComponentFinding: Sendable {
    /// How it stands.
    public let status: ComponentStatus
    /// How well it says that it is; nil while it is not up, or where it cannot say.
    public let health: ComponentHealth?
}

/// Shows the parts of this process: what they need, where they stand, and because of whom.
public struct ListComponents: Sendable {
    private let runner: ComponentRunner

    /// The use case over what runs them.
    public init(runner: ComponentRunner) {
        self.runner = runner
    }

    /// All parts, in the order in which they are started.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) async throws -> [ComponentFinding] {
        try caller.require(.admin)
        let statuses = runner.statuses
        return await withTaskGroup(of: (Int, ComponentFinding).self) { [runner] group in
            for (index, status) in statuses.enumerated() {
                group.addTask { (index, await runner.finding(of: status)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// The part with that name.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/component``.
    public func callAsFunction(_ name: ComponentName, by caller: Caller) async throws -> ComponentFinding {
        try caller.require(.admin)
        guard let status = runner.status(of: name) else { throw NotFound.component }
        return await runner.finding(of: status)
    }
}

extension ComponentRunner {
    fileprivate func finding(of status: ComponentStatus) async -> ComponentFinding {
        ComponentFinding(status: status, health: await health(of: status.description.name))
    }
}

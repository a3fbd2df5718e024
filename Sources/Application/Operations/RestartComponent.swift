public import Domain

/// Has a part of this process stopped and started again, with those that cannot work without it.
public struct RestartComponent: Sendable {
    private let runner: ComponentRunner

    /// The use case over what runs the parts.
    public init(runner: ComponentRunner) {
        self.runner = runner
    }

    /// Begins it, and does not wait for what comes of it.
    ///
    /// - Returns: How the part stands now.
    /// - Throws: ``Domain/AccessError``, ``NotFound/component``, ``Domain/ComponentError``.
    @discardableResult
    public func callAsFunction(_ name: ComponentName, by caller: Caller) throws -> ComponentStatus {
        try caller.require(.admin)
        try runner.restart(name)
        guard let status = runner.status(of: name) else { throw NotFound.component }
        return status
    }
}

package import Domain

/// Shows an administrator which parts of the program write into the log, and from which level on.
package struct ListLoggers: Sendable {
    private let loggers: Loggers

    /// The use case over the loggers of this process.
    package init(_ loggers: Loggers) {
        self.loggers = loggers
    }

    /// All of them, by name.
    ///
    /// - Throws: ``Domain/AccessError`` for whoever is no administrator.
    package func callAsFunction(by caller: Caller) throws -> [Loggers.Status] {
        try caller.require(.admin)
        return loggers.all
    }
}

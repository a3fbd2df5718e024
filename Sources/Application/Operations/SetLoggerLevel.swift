package import Domain

/// Lets an administrator see more, or less, of what one part of the program tells, for a while.
package struct SetLoggerLevel: Sendable {
    private let loggers: Loggers

    /// The use case over the loggers of this process.
    package init(_ loggers: Loggers) {
        self.loggers = loggers
    }

    /// Sets a logger to another level, which ends by itself.
    ///
    /// - Parameter duration: Clamped to one second to ``Loggers/longestChange``.
    /// - Throws: ``Domain/AccessError``, ``NotFound/logger``.
    package func callAsFunction(
        _ name: String, to level: LogLevel, for duration: Duration, by caller: Caller
    ) throws -> Loggers.Status {
        try caller.require(.admin)
        guard let status = loggers.set(name, to: level, for: duration) else { throw NotFound.logger }
        loggers.named("log").write(
            .warning, "log level changed",
            [
                "logger": .text(name), "level": .text(level.rawValue),
                "seconds": .integer(duration.wholeMilliseconds / 1000),
            ])
        return status
    }
}

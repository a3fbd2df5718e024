package import Application

/// What can be asked about the log of this process.
package struct LogCapabilities: Sendable {
    package var listLoggers: ListLoggers
    package var setLevel: SetLoggerLevel
    package var listLines: ListLogLines

    /// The use cases over a process's log; over one that nobody writes, unless something else is said.
    package init(
        _ loggers: Loggers = Loggers(.info, clock: InMemoryClock(), sinks: []), ring: LogRing = LogRing()
    ) {
        listLoggers = ListLoggers(loggers)
        setLevel = SetLoggerLevel(loggers)
        listLines = ListLogLines(ring)
    }
}

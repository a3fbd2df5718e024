package import Domain
internal import Synchronization

/// The loggers of this process, one for each part of the program that speaks, and where their lines go.
package final class Loggers: Sendable {
    /// The longest time for which a logger can be set to another level.
    package static let longestChange = Duration.seconds(86_400)

    /// How a logger stands.
    package struct Status: Hashable, Sendable {
        /// The part of the program.
        package let name: String
        /// The least severe level that is kept now.
        package let level: LogLevel
        /// That which the settings say.
        package let configured: LogLevel
        /// When the present level ends; nil for the one of the settings.
        package let expiresAt: Timestamp?
    }

    /// The level of one logger, which is looked at for each line and so takes no lock.
    fileprivate final class Threshold: Sendable {
        let severity: Atomic<Int>
        /// In milliseconds; 0 for never.
        let expiry = Atomic<Int64>(0)

        init(_ level: LogLevel) {
            severity = Atomic(level.severity)
        }
    }

    private let configured: LogLevel
    private let clock: any WallClock
    private let sinks: [any LogSink]
    private let thresholds = Mutex<[String: Threshold]>([:])
    private let counts: [Counter]
    private let lost: MetricFamily<Counter>

    /// - Parameters:
    ///   - level: The least severe level that is kept, unless a logger is set to another one.
    ///   - sinks: Where lines go.
    package init(
        _ level: LogLevel, clock: any WallClock, metrics: Metrics = Metrics(), sinks: [any LogSink]
    ) {
        configured = level
        self.clock = clock
        self.sinks = sinks
        let lines = metrics.counter(.logLines)
        counts = LogLevel.allCases.map { lines.with($0.rawValue) }
        lost = metrics.counter(.logLinesLost)
    }

    /// The logger of a part of the program, known from now on.
    package func named(_ name: String) -> NamedLog {
        let threshold = thresholds.withLock { thresholds in
            let threshold = thresholds[name] ?? Threshold(configured)
            thresholds[name] = threshold
            return threshold
        }
        return NamedLog(name: name, loggers: self, threshold: threshold)
    }

    /// How all of them stand, by name.
    package var all: [Status] {
        thresholds.withLock { $0 }.sorted { $0.key < $1.key }.map { status(of: $0.key, $0.value) }
    }

    /// Sets a logger to another level for a while.
    ///
    /// - Returns: How it stands now; nil when there is none of that name.
    package func set(_ name: String, to level: LogLevel, for duration: Duration) -> Status? {
        guard let threshold = thresholds.withLock({ $0[name] }) else { return nil }
        let end = clock.now() + min(max(duration, .seconds(1)), Self.longestChange)
        threshold.severity.store(level.severity, ordering: .relaxed)
        threshold.expiry.store(end.milliseconds, ordering: .relaxed)
        return status(of: name, threshold)
    }

    private func status(of name: String, _ threshold: Threshold) -> Status {
        let level = level(of: threshold)
        let expiry = threshold.expiry.load(ordering: .relaxed)
        return Status(
            name: name, level: level, configured: configured,
            expiresAt: expiry == 0 ? nil : Timestamp(milliseconds: expiry))
    }

    fileprivate func level(of threshold: Threshold) -> LogLevel {
        let expiry = threshold.expiry.load(ordering: .relaxed)
        if expiry != 0, clock.now().milliseconds >= expiry {
            threshold.severity.store(configured.severity, ordering: .relaxed)
            threshold.expiry.store(0, ordering: .relaxed)
        }
        return LogLevel.allCases[threshold.severity.load(ordering: .relaxed)]
    }

    fileprivate func write(_ level: LogLevel, _ logger: String, _ event: String, _ fields: [LogField]) {
        let record = LogRecord(level, of: logger, event, fields, at: clock.now(), in: WorkContext.current)
        counts[level.severity].increment()
        for sink in sinks where !sink.take(record) { lost.with(sink.name).increment() }
    }
}

/// The log of one part of the program.
package struct NamedLog: Log {
    /// The part.
    package let name: String
    fileprivate let loggers: Loggers
    fileprivate let threshold: Loggers.Threshold

    fileprivate init(name: String, loggers: Loggers, threshold: Loggers.Threshold) {
        self.name = name
        self.loggers = loggers
        self.threshold = threshold
    }

    /// The least severe level that is kept now.
    package var level: LogLevel { loggers.level(of: threshold) }

    /// Writes a line.
    package func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {
        guard level >= self.level else { return }
        loggers.write(level, name, event, fields)
    }
}

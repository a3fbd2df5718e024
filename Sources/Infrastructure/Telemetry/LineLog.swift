package import Application
import Glibc

/// Writes each line of the log to a descriptor at once.
package struct LineSink: LogSink {
    private let format: LineFormat
    private let descriptor: Int32

    /// A sink on a descriptor, which stays open as long as the sink is used.
    package init(format: LineFormat, descriptor: Int32) {
        self.format = format
        self.descriptor = descriptor
    }

    package var name: String { "console" }

    package func take(_ record: LogRecord) -> Bool {
        var line = format.line(of: record)
        // One call for one line, so that lines of several threads and processes do not mix.
        return line.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count }
    }
}

/// A log whose lines go to a descriptor alone, for programs that end soon.
package struct LineLog: Log {
    private let log: NamedLog

    /// A log on a descriptor, which stays open as long as the log is used.
    package init(format: LineFormat, level: LogLevel, descriptor: Int32, clock: any WallClock) {
        log = Loggers(level, clock: clock, sinks: [LineSink(format: format, descriptor: descriptor)])
            .named("cutroom")
    }

    package var level: LogLevel { log.level }

    package func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {
        log.write(level, event, fields)
    }
}

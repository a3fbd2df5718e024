/// Where the program tells its operator what happens, a line for each thing.
public protocol Log: Sendable {
    /// The least severe level that is kept: what is below it need not be put together.
    var level: LogLevel { get }
    /// Writes a line.
    ///
    /// - Parameters:
    ///   - event: What happened, always in the same few words, so that lines can be searched and counted.
    ///   - fields: The particulars, by name.
    func write(_ level: LogLevel, _ event: String, _ fields: [LogField])
}

extension Log {
    /// Writes a line, unless it is below the level that is kept.
    public func write(
        _ level: LogLevel, _ event: String, _ fields: KeyValuePairs<String, LogField.Value> = [:]
    ) {
        guard level >= self.level else { return }
        write(level, event, fields.map { LogField(name: $0.key, value: $0.value) })
    }
}

/// How severe a line is.
public enum LogLevel: String, CaseIterable, Comparable, Sendable {
    /// Of interest to who looks for a fault.
    case debug
    /// Of interest to who wants to know what was done.
    case info
    /// Something that someone should look at soon.
    case warning
    /// Something that was promised could not be done.
    case error

    /// Orders by severity.
    public static func < (first: LogLevel, second: LogLevel) -> Bool {
        first.severity < second.severity
    }

    /// Its place among all levels, the least severe first.
    var severity: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}

/// One particular of a line.
public struct LogField: Hashable, Sendable {
    /// Its value.
    public enum Value: Hashable, Sendable {
        /// A text; what is secret in it is not written.
        case text(String)
        /// A text that is written as it is: a secret that is meant to be read in the log.
        case disclosed(String)
        /// A whole number.
        case integer(Int64)
        /// A number.
        case number(Double)
    }

    /// Its name, in snake case.
    public let name: String
    /// Its value.
    public let value: Value

    /// A particular.
    public init(name: String, value: Value) {
        self.name = name
        self.value = value
    }
}

extension LogField.Value: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
    /// A text.
    public init(stringLiteral text: String) {
        self = .text(text)
    }

    /// A whole number.
    public init(integerLiteral number: Int64) {
        self = .integer(number)
    }
}

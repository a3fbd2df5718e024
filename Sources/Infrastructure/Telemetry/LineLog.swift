package import Application
import Domain
import Glibc

/// Writes each log line to a descriptor at once, as JSON for programs or as text for people.
package struct LineLog: Log {
    /// How lines look.
    package enum Format: Sendable {
        /// One JSON object: `time`, `level`, `event`, then the fields.
        case json
        /// The time, the level, the event, then `name=value`.
        case text
    }

    package let level: LogLevel
    private let format: Format
    private let descriptor: Int32
    private let clock: any WallClock

    /// A log on a descriptor, which stays open as long as the log is used.
    package init(format: Format, level: LogLevel, descriptor: Int32, clock: any WallClock) {
        self.format = format
        self.level = level
        self.descriptor = descriptor
        self.clock = clock
    }

    package func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {
        guard level >= self.level else { return }
        let time = Self.text(of: clock.now())
        var line =
            switch format {
            case .json: Self.json(time, level, event, fields)
            case .text: Self.text(time, level, event, fields)
            }
        // One call for one line, so that lines of several threads and processes do not mix.
        line.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }

    static func json(_ time: String, _ level: LogLevel, _ event: String, _ fields: [LogField]) -> String {
        var line = "{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\",\"event\":\(quoted(event))"
        for field in fields {
            line += ",\(quoted(field.name)):"
            switch field.value {
            case .text(let text): line += quoted(text)
            case .integer(let number): line += "\(number)"
            case .number(let number): line += number.isFinite ? "\(number)" : "null"
            }
        }
        return line + "}\n"
    }

    static func text(_ time: String, _ level: LogLevel, _ event: String, _ fields: [LogField]) -> String {
        let level = level.rawValue.uppercased()
        var line = "\(time) \(level)\(String(repeating: " ", count: max(0, 7 - level.count))) \(event)"
        for field in fields {
            let value =
                switch field.value {
                case .text(let text):
                    text.unicodeScalars.contains(where: needsQuotes) ? quoted(text) : text
                case .integer(let number): "\(number)"
                case .number(let number): "\(number)"
                }
            line += " \(field.name)=\(value)"
        }
        return line + "\n"
    }

    private static func needsQuotes(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\"" || scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            case _ where scalar.properties.generalCategory == .control:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// The moment in RFC 3339, in UTC.
    static func text(of moment: Timestamp) -> String {
        var seconds = time_t(moment.milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ number: Int32, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let day =
            "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
        let time = "\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))"
        return "\(day)T\(time).\(digits(Int32(moment.milliseconds % 1000), 3))Z"
    }
}

package import Application
import Domain
import Glibc

/// How lines of the log look.
package enum LineFormat: Sendable, CaseIterable {
    /// One JSON object: `time`, `level`, `logger`, `event`, then the fields and what the line belongs to.
    case json
    /// The time, the level, the event, then `name=value`.
    case simple
    /// The same with the logger, and with what the line belongs to.
    case detailed

    /// A record as a line.
    package func line(of record: LogRecord) -> String {
        let time = Self.text(of: record.time)
        switch self {
        case .json:
            var line = "{\"time\":\"\(time)\",\"level\":\"\(record.level.rawValue)\""
            line += ",\"logger\":\(Self.quoted(record.logger)),\"event\":\(Self.quoted(record.event))"
            for field in record.allFields {
                line += ",\(Self.quoted(field.name)):"
                switch field.value {
                case .text(let text), .disclosed(let text): line += Self.quoted(text)
                case .integer(let number): line += "\(number)"
                case .number(let number): line += number.isFinite ? "\(number)" : "null"
                }
            }
            return line + "}\n"
        case .simple: return Self.text(time, record, logger: "", fields: record.fields)
        case .detailed:
            return Self.text(time, record, logger: " \(record.logger):", fields: record.allFields)
        }
    }

    private static func text(_ time: String, _ record: LogRecord, logger: String, fields: [LogField])
        -> String
    {
        let level = record.level.rawValue.uppercased()
        var line = "\(time) \(level)\(String(repeating: " ", count: max(0, 7 - level.count)))"
        line += "\(logger) \(record.event)"
        for field in fields {
            let value =
                switch field.value {
                case .text(let text), .disclosed(let text):
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

    /// A text in quotes as JSON has it, controls written out, so that it takes no other line and commands no terminal.
    static func quoted(_ text: String) -> String {
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

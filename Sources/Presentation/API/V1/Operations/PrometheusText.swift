package import Application

/// Metrics in Prometheus' text format (version 0.0.4).
package enum PrometheusText {
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// All of them.
    package static func write(_ snapshot: MetricsSnapshot) -> String {
        var text = ""
        for family in snapshot.families { write(family, to: &text) }
        return text
    }

    private static func write(_ family: MetricsSnapshot.Family, to text: inout String) {
        let (definition, name) = (family.definition, family.definition.name)
        text += "# HELP \(name) \(escaped(definition.help, quotes: false))\n"
        text += "# TYPE \(name) \(definition.kind.name)\n"
        for sample in family.samples {
            let labels = zip(definition.labels, sample.labels).map { label(named: $0, $1) }
            switch sample.value {
            case .number(let value): line(name, labels, value, to: &text)
            case .histogram(let reading):
                for (bound, count) in reading.cumulative {
                    let edge = label(named: "le", bound.map(number) ?? "+Inf")
                    line("\(name)_bucket", labels + [edge], Double(count), to: &text)
                }
                line("\(name)_sum", labels, reading.sum, to: &text)
                line("\(name)_count", labels, Double(reading.count), to: &text)
            }
        }
    }

    private static func line(_ name: String, _ labels: [String], _ value: Double, to text: inout String) {
        text += labels.isEmpty ? name : "\(name){\(labels.joined(separator: ","))}"
        text += " \(number(value))\n"
    }

    private static func label(named name: String, _ value: String) -> String {
        "\(name)=\"\(escaped(value, quotes: true))\""
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

import Application

/// Spans as OTLP 1.x has them in JSON (opentelemetry-proto, "JSON Protobuf Encoding"): identifiers in lower-case
/// hexadecimal, 64-bit numbers as strings, enumerations as numbers.
struct OTLPDocument {
    /// Who the spans are from.
    let version: String
    /// What tells this process from others of the same service.
    let instance: String

    func encode(_ spans: [FinishedSpan]) -> [UInt8] {
        let resource = Self.attributes([
            LogField(name: "service.name", value: "cutroom"),
            LogField(name: "service.version", value: .text(version)),
            LogField(name: "service.instance.id", value: .text(instance)),
        ])
        let scope = "{\"name\":\"cutroom\",\"version\":\(LineFormat.quoted(version))}"
        let items = spans.map(Self.span).joined(separator: ",")
        return Array(
            """
            {"resourceSpans":[{"resource":{"attributes":\(resource)},\
            "scopeSpans":[{"scope":\(scope),"spans":[\(items)]}]}]}
            """.utf8)
    }

    private static func span(_ span: FinishedSpan) -> String {
        var text = "{\"traceId\":\"\(span.position.traceID)\",\"spanId\":\"\(span.position.spanID)\""
        if let parent = span.parent { text += ",\"parentSpanId\":\"\(parent.sixteenDigits)\"" }
        text += ",\"name\":\(LineFormat.quoted(span.name)),\"kind\":\(span.kind.rawValue)"
        text += ",\"startTimeUnixNano\":\"\(span.startedAt)\",\"endTimeUnixNano\":\"\(span.endedAt)\""
        text += ",\"attributes\":\(attributes(span.attributes))"
        // Status codes: 0 unset, 2 error.
        let status = span.failure.map { "{\"code\":2,\"message\":\(LineFormat.quoted($0))}" } ?? "{}"
        // Flags: the trace is sampled.
        return text + ",\"status\":\(status),\"flags\":1}"
    }

    private static func attributes(_ fields: [LogField]) -> String {
        let items = fields.map { field in
            let value =
                switch field.value {
                case .text(let text), .disclosed(let text):
                    "{\"stringValue\":\(LineFormat.quoted(text))}"
                case .integer(let number): "{\"intValue\":\"\(number)\"}"
                case .number(let number): "{\"doubleValue\":\(number.isFinite ? "\(number)" : "\"NaN\"")}"
                }
            return "{\"key\":\(LineFormat.quoted(field.name)),\"value\":\(value)}"
        }
        return "[\(items.joined(separator: ","))]"
    }
}

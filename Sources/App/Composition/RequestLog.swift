import Application
import Domain
import Presentation

/// Tells of each request once it is answered: what only reads at the level of faults, refusals as much as they matter,
/// and why where the server is to blame.
struct RequestLog: RequestObserver {
    /// From how long on a request is told of, whatever it was.
    private static let slow = Duration.seconds(1)

    let log: any Log

    func answered(
        _ exchange: Exchange, _ response: HTTPResponse, failure: (any Error)?, after duration: Duration
    ) {
        let isRead = exchange.request.method == .get || exchange.request.method == .head
        let code = response.status.code
        let isOrdinary = isRead && code < 400 && duration < Self.slow
        let kind = response.refusal?.problem.kind
        let level =
            kind.map { LogLevel($0.severity) } ?? (code >= 500 ? .error : isOrdinary ? .debug : .info)
        guard level >= log.level else { return }
        var fields: [LogField] = [
            LogField(name: "method", value: .text(exchange.request.methodToken)),
            LogField(name: "path", value: .text(exchange.request.path)),
            LogField(name: "status", value: .integer(Int64(code))),
            LogField(name: "milliseconds", value: .number(duration.inSeconds * 1000)),
            LogField(name: "trace_id", value: .text(exchange.trace.traceID)),
            LogField(name: "request_id", value: .text(exchange.requestID)),
        ]
        if let kind {
            fields.append(LogField(name: "code", value: .text(kind.code)))
            fields.append(LogField(name: "severity", value: .text(kind.severity.rawValue)))
        }
        if let service = response.refusal?.problem.service {
            fields.append(LogField(name: "service", value: .text(service)))
        }
        if let failure, code >= 500 {
            fields.append(LogField(name: "error", value: .text("\(failure)")))
        }
        log.write(level, "request", fields)
    }
}

extension LogLevel {
    /// The level of a failure; what is critical is told as an error whose line says so.
    init(_ severity: ProblemKind.Severity) {
        switch severity {
        case .low: self = .info
        case .medium: self = .warning
        case .high, .critical: self = .error
        }
    }
}

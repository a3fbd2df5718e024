import Application
import Domain
import Presentation

/// Tells of each request once it is answered: what only reads at the level of faults.
struct RequestLog: RequestObserver {
    let log: any Log

    func answered(_ exchange: Exchange, _ response: HTTPResponse, after duration: Duration) {
        let isRead = exchange.request.method == .get || exchange.request.method == .head
        let code = response.status.code
        let level: LogLevel = code >= 500 ? .error : isRead && code < 400 ? .debug : .info
        guard level >= log.level else { return }
        log.write(
            level, "request",
            [
                "method": .text(exchange.request.methodToken), "path": .text(exchange.request.path),
                "status": .integer(Int64(code)), "milliseconds": .number(duration.inSeconds * 1000),
                "trace_id": .text(exchange.trace.traceID), "request_id": .text(exchange.requestID),
            ])
    }
}

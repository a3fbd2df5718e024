internal import Application
internal import Domain

/// Telling how often what went wrong.
struct ErrorRoutes: Sendable {
    private let can: ErrorCapabilities
    private let administrators: Access<Caller>

    init(_ capabilities: ErrorCapabilities, callers: (Scope) -> Access<Caller>) {
        can = capabilities
        administrators = callers(.admin)
    }

    var all: [Route] { [counts, reset] }

    private var counts: Route {
        Route(
            .get, "/api/v1/operations/errors", for: administrators,
            Operation(
                "getErrors", tag: "operations", "Tell how often what went wrong",
                responses: [.json(.ok, "What was counted.", ErrorWire.counts)])
        ) { _, caller in
            .json(.ok, ErrorWire.counts, try can.get(by: caller))
        }
    }

    private var reset: Route {
        Route(
            .post, "/api/v1/operations/errors/reset", for: administrators,
            Operation(
                "resetErrors", tag: "operations", "Count failures from zero",
                doc: "The metrics go on counting; the audit trail tells who did it.",
                responses: [ResponseDeclaration(.noContent, "It is counted from zero.")])
        ) { call, caller in
            try await can.reset(by: caller, from: call.origin)
            return HTTPResponse(.noContent)
        }
    }
}

/// How counts of failures stand on the wire and in the metrics.
enum ErrorWire {
    static let counts = JSONOutput<(counts: ErrorCounters.Counts, since: Timestamp)>.object(
        "ErrorCounts", "How often what went wrong.",
        [
            JSONField("total_errors", .count, "All failures.", example: 3) { $0.counts.total },
            JSONField("errors_by_code", .map(of: .count), "By code.") { $0.counts.byCode },
            JSONField("errors_by_operation", .map(of: .count), "By operation; none where there was none.") {
                $0.counts.byOperation
            },
            JSONField("errors_by_service", .map(of: .count), "By the program or service to blame.") {
                $0.counts.byService
            },
            JSONField("retries", .count, "How often what had failed was tried again.") { $0.counts.retries },
            JSONField("recoveries", .count, "How often that worked in the end.") { $0.counts.recoveries },
            JSONField(
                "recovery_rate", .nullable(.number(0...1)), "Recoveries to retries; null without retries."
            ) { $0.counts.recoveryRate },
            JSONField("since", .moment, "Since when it is counted.") { $0.since },
        ])
}

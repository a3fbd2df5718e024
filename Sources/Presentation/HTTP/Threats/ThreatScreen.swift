internal import Synchronization

/// What is done about requests that look like attacks.
package enum ThreatMode: String, CaseIterable, Sendable {
    /// Nobody looks.
    case off
    /// They are told of, and served.
    case monitor
    /// They are told of, and refused.
    case block
}

/// Is told of every request that counts as an attack.
package typealias ThreatReport =
    @Sendable (_ exchange: Exchange, _ assessment: ThreatAssessment, _ isRefused: Bool) -> Void

/// Looks at requests for attacks, where an operator asks for it.
///
/// It looks at what programs write: the path, the query, header fields, and with them every identifier. Bodies, and
/// what people write elsewhere (searches, titles, names of files), it never sees; those are safe by how they are
/// handled, whatever stands in them. So it guards nothing here that would be open without it: it tells of those who
/// try, and keeps them from what stands behind.
package final class ThreatScreen: Middleware {
    /// Parameters of queries in which people write.
    private static let prose: Set<String> = ["q", "query", "search", "text", "title", "topic"]
    /// Header fields in which people write, or whose form is checked where they are used.
    private static let exempt: Set<String> = [
        "accept", "authorization", "baggage", "content-disposition", "host", "if-match", "if-none-match",
        "proxy-authorization", "range", "traceparent", "tracestate",
    ]

    private let isBlocking: Bool
    private let report: ThreatReport
    private let rater = ThreatRater()
    private let counts = Mutex<[ThreatFamily: Int]>([:])

    /// - Parameter mode: What is done; nil is made of `off`, so that a request passes nothing then.
    package init?(_ mode: ThreatMode, report: @escaping ThreatReport) {
        guard mode != .off else { return nil }
        isBlocking = mode == .block
        self.report = report
    }

    package func receive(_ exchange: Exchange) throws(Problem) -> HTTPResponse? {
        let assessment = assess(exchange.request)
        guard assessment.isAttack else { return nil }
        counts.withLock { counts in
            for family in assessment.families { counts[family, default: 0] += 1 }
        }
        report(exchange, assessment, isBlocking)
        guard isBlocking else { return nil }
        // Whoever tries out what passes is not told what did not.
        throw Problem(.malformedRequest, "The request is not taken.")
    }

    package func send(_ response: inout HTTPResponse, for exchange: Exchange) {}

    /// What a request has against it.
    package func assess(_ request: HTTPRequest) -> ThreatAssessment {
        var rating = ThreatRater.Rating()
        rater.rate(request.path.utf8, in: .path, &rating)
        for item in (request.query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
            let parts = item.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard let name = parts.first, !Self.prose.contains(String(Substring(name)).lowercased()) else {
                continue
            }
            for part in parts { rater.rate(part, in: .query, plusIsSpace: true, &rating) }
        }
        request.fields.forEach { name, value in
            let name = name.lowercased()
            guard !Self.exempt.contains(name), !name.hasPrefix("sec-") else { return }
            rater.rate(value.utf8, in: name == "user-agent" ? [.field, .agent] : .field, &rating)
        }
        return rater.assessment(of: rating)
    }

    /// How many attacks there were, by their families.
    var counted: [(family: ThreatFamily, count: Int)] {
        counts.withLock { $0 }.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
    }
}

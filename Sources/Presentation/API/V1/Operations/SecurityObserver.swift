package import Application
internal import Domain

/// Tells the watch of refusals that may be abuse.
struct SecurityObserver: RequestObserver {
    private typealias Reading = (
        kind: SecurityEvent.Kind, level: SecurityEvent.Level, action: SecurityEvent.Action
    )

    private static let readings: [String: Reading] = [
        "rate_limited": (.rateLimitExceeded, .medium, .limited),
        "sign_in_wrong": (.authenticationFailure, .medium, .refused),
        // Not hostile by itself: a name is throttled for everyone, so that who fails on it would ban its owner.
        "sign_in_throttled": (.authenticationFailure, .high, .limited),
        "missing_scope": (.authorizationViolation, .medium, .refused),
        "origin_not_allowed": (.authorizationViolation, .high, .refused),
        "csrf_refused": (.authorizationViolation, .high, .refused),
        "misdirected_request": (.suspiciousActivity, .medium, .refused),
    ]

    private let watch: SecurityWatch

    init(_ watch: SecurityWatch) {
        self.watch = watch
    }

    func answered(
        _ exchange: Exchange, _ response: HTTPResponse, failure: (any Error)?, after duration: Duration
    ) {
        guard let problem = response.refusal?.problem else { return }
        if problem.kind.code == ProblemKind.refused.code {
            watch.recordBanned(
                Sighting(exchange, (.suspiciousActivity, .low, .banned), "still asking while banned"),
                from: exchange.request.client.network)
        } else if let reading = Self.reading(of: problem) {
            watch.record(Sighting(exchange, reading, problem.kind.code))
        }
    }

    private static func reading(of problem: Problem) -> Reading? {
        // Who shows nothing at all has only not signed in yet.
        let isTokenInvalid = problem.fields.contains { $0.value.contains("invalid_token") }
        if isTokenInvalid { return (.authenticationFailure, .low, .refused) }
        return readings[problem.kind.code]
    }
}

extension Sighting {
    fileprivate init(
        _ exchange: Exchange,
        _ reading: (
            kind: SecurityEvent.Kind, level: SecurityEvent.Level, action: SecurityEvent.Action
        ), _ detail: String
    ) {
        let request = exchange.request
        self.init(
            reading.kind, reading.level, from: request.client.network,
            agent: request.fields["User-Agent"] ?? "", method: request.methodToken, path: request.path,
            detail: detail, action: reading.action, requestID: exchange.requestID)
    }

    /// What a screen has found in a request.
    package init(_ exchange: Exchange, _ assessment: ThreatAssessment, isRefused: Bool) {
        // What another site's page makes a browser ask says nothing about who sits before it.
        let isForeign = exchange.request.fields["Sec-Fetch-Site"] == "cross-site"
        let (kind, level) = isForeign ? (.suspiciousActivity, .low) : Self.reading(of: assessment.families)
        let found = "\(assessment.rules.joined(separator: ",")) score \(assessment.score)"
        self.init(exchange, (kind, level, isRefused ? .refused : .served), found)
    }

    /// The gravest of the families.
    private static func reading(of families: [ThreatFamily]) -> (SecurityEvent.Kind, SecurityEvent.Level) {
        if families.contains(.sql) || families.contains(.nosql) { return (.sqlInjection, .critical) }
        if families.contains(.command) { return (.commandInjection, .critical) }
        if families.contains(.traversal) { return (.pathTraversal, .high) }
        if families.contains(.script) { return (.scriptInjection, .high) }
        let isMeant = families.contains(.ldap) || families.contains(.header) || families.contains(.encoding)
        return (.suspiciousActivity, isMeant ? .high : .medium)
    }
}

/// How a request stands to the limit under which it was counted, as its answer tells it
/// (draft-ietf-httpapi-ratelimit-headers-10).
package struct RateLimitState: Equatable, Sendable {
    /// What the limit is called.
    package let name: String
    /// How many requests fit into a window.
    package let quota: Int
    /// How long the window is, in seconds.
    package let window: Int64
    /// How many requests could come at once now.
    package let remaining: Int
    /// After how many seconds the whole quota is there again, if nothing comes meanwhile.
    package let reset: Int64
    /// After how many seconds the request may come again; nil for one that is served.
    package let retryAfter: Int64?

    package init(
        name: String, quota: Int, window: Int64, remaining: Int, reset: Int64, retryAfter: Int64?
    ) {
        self.name = name
        self.quota = quota
        self.window = window
        self.remaining = remaining
        self.reset = reset
        self.retryAfter = retryAfter
    }

    /// The field that tells the limit.
    static let policyField = "RateLimit-Policy"
    /// The field that tells what is left.
    static let stateField = "RateLimit"

    /// Checks that the request may be served.
    func require() throws(Problem) {
        guard let retryAfter else { return }
        throw Problem(
            .rateLimited,
            "\(quota) requests are taken in \(window) seconds. Ask again in \(retryAfter) seconds.",
            fields: [("Retry-After", String(retryAfter))])
    }

    func write(to fields: inout HTTPFields) {
        fields.append(Self.policyField, "\"\(name)\";q=\(quota);w=\(window)")
        fields.append(Self.stateField, "\"\(name)\";r=\(remaining);t=\(reset)")
    }

    /// What the document says about the fields.
    static let declarations = [
        FieldDeclaration(
            policyField, .string(),
            "The limit under which the request was counted: its name, `q` requests in `w` seconds."),
        FieldDeclaration(
            stateField, .string(),
            "What is left of it: `r` requests, and all of them again after `t` seconds."),
    ]
}

/// How often a route may be used by those of whom it is not known who they are.
package enum Pace: Sendable {
    /// As often as anything else.
    case ordinary
    /// Seldom: people come in here, and others guess.
    case entrance
    /// As often as one likes.
    case unlimited
}

/// Counts a request for which nobody in particular stands; nil where none is counted.
package typealias StrangerLimit = @Sendable (HTTPRequest, Pace) -> RateLimitState?

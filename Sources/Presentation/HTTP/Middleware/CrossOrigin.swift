/// Keeps pages of other origins from changing anything, and lets those that are configured use the API
/// (the CORS protocol of the Fetch standard).
///
/// Browsers send a simple request, such as a form with a file, without asking first, and only keep the answer from
/// the page; so what comes from a foreign page is refused by its `Origin`. Credentials that a browser keeps, such as
/// cookies, are allowed to no other origin: a page has to show a token of its own.
package struct CrossOrigin: Middleware {
    private let origins: [String]
    private static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE"
    /// What routes and middleware read, beyond what browsers let every page send.
    private static let readable = [
        "Authorization", "Content-Disposition", "Content-Type", "Idempotency-Key", "If-Match",
        "If-Modified-Since", "If-None-Match", "If-Range", "Last-Event-ID", "Range", "X-CSRF-Token",
        "X-Request-Id", "traceparent", "tracestate",
    ].joined(separator: ", ")
    private static let exposed = [
        "Location", "ETag", "Content-Range", "Content-Disposition", "RateLimit", "RateLimit-Policy",
        "Retry-After", "WWW-Authenticate", "X-Request-Id", "X-Process-Time", "traceparent",
    ].joined(separator: ", ")

    /// - Parameter origins: Origins such as `https://example.org` that may; `*` is every one.
    package init(origins: [String]) {
        self.origins = origins
    }

    package func receive(_ exchange: Exchange) throws(Problem) -> HTTPResponse? {
        let request = exchange.request
        switch request.method {
        case .get, .head: return nil
        case .options: return permission(for: request)
        case .post, .put, .patch, .delete, nil: break
        }
        guard let origin = request.fields["Origin"], !allows(origin),
            !request.isFromOwnPage(of: origin)
        else { return nil }
        throw Problem(.originNotAllowed, "Pages of \(origin) may not change anything here.")
    }

    /// The answer to a browser that asks whether a page may.
    private func permission(for request: HTTPRequest) -> HTTPResponse? {
        guard let origin = request.fields["Origin"], allows(origin),
            request.fields["Access-Control-Request-Method"] != nil
        else { return nil }
        var response = HTTPResponse(.noContent)
        response.fields["Access-Control-Allow-Methods"] = Self.methods
        response.fields["Access-Control-Allow-Headers"] = Self.readable
        response.fields["Access-Control-Max-Age"] = "600"
        return response
    }

    package func send(_ response: inout HTTPResponse, for exchange: Exchange) {
        guard !origins.isEmpty else { return }
        // Without an Origin too: what a cache keeps of such an answer must not be handed to a page.
        response.fields.append("Vary", "Origin")
        guard let origin = exchange.request.fields["Origin"], allows(origin) else { return }
        response.fields["Access-Control-Allow-Origin"] = origin
        response.fields["Access-Control-Expose-Headers"] = Self.exposed
    }

    private func allows(_ origin: String) -> Bool {
        origins.contains { $0 == "*" || $0 == origin }
    }
}

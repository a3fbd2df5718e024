/// Lets pages of other origins use the API (the CORS protocol of the Fetch standard), where that is configured.
package struct CrossOrigin: Middleware {
    private let origins: [String]
    private static let methods = "GET, HEAD, POST, PATCH, DELETE"
    private static let exposed =
        "Location, ETag, Content-Range, Content-Disposition, Retry-After, X-Request-Id"

    /// - Parameter origins: Origins such as `https://example.org` that may; `*` is every one.
    package init(origins: [String]) {
        self.origins = origins
    }

    package func receive(_ exchange: Exchange) throws(Problem) -> HTTPResponse? {
        let request = exchange.request
        guard request.method == .options, let origin = request.fields["Origin"], allows(origin),
            request.fields["Access-Control-Request-Method"] != nil
        else { return nil }
        var response = HTTPResponse(.noContent)
        response.fields["Access-Control-Allow-Methods"] = Self.methods
        response.fields["Access-Control-Allow-Headers"] =
            request.fields["Access-Control-Request-Headers"] ?? "Content-Type, Idempotency-Key"
        response.fields["Access-Control-Max-Age"] = "600"
        return response
    }

    package func send(_ response: inout HTTPResponse, for exchange: Exchange) {
        guard let origin = exchange.request.fields["Origin"] else { return }
        response.fields.append("Vary", "Origin")
        guard allows(origin) else { return }
        response.fields["Access-Control-Allow-Origin"] = origin
        response.fields["Access-Control-Expose-Headers"] = Self.exposed
    }

    private func allows(_ origin: String) -> Bool {
        origins.contains { $0 == "*" || $0 == origin }
    }
}

/// A request as it came over the wire: nothing is decoded, nothing is guessed.
package struct HTTPRequest: Sendable {
    /// The method, or nil for a token that no route can declare; then see `methodToken`.
    package var method: HTTPMethod?
    /// The method as sent, in its own case.
    package var methodToken: String
    /// The path as sent, still percent-encoded, starting with "/" (or "*" of `OPTIONS *`).
    package var path: String
    /// What follows the first "?", still percent-encoded, or nil without one.
    package var query: String?
    /// The header fields.
    package var fields: HTTPFields
    /// The body, to be read once.
    package var body: RequestBody
    /// The other end of the connection; see ``client`` for who makes the request.
    package var peer: PeerAddress
    /// Whether the connection itself is TLS; see ``isSecure`` for the client's.
    package var isEncrypted = false
    /// What a trusted proxy says about the request; nil without one.
    package var forwarding: Forwarding?

    /// Makes a request, as the server and tests of routes do.
    package init(
        _ methodToken: String, path: String, query: String? = nil, fields: HTTPFields = [:],
        body: RequestBody = .empty, peer: PeerAddress = .unknown
    ) {
        self.methodToken = methodToken
        self.method = HTTPMethod(token: methodToken)
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.peer = peer
    }
}

/// Answers a request; it never fails, since a failure is an answer too.
package typealias HTTPHandler = @Sendable (HTTPRequest) async -> HTTPResponse

/// Puts a refusal into words: a status, a stable code and a sentence become a response.
///
/// The layers below the encoding of problems are given one of these.
package typealias HTTPRefusal =
    @Sendable (_ status: HTTPStatus, _ code: String, _ detail: String) -> HTTPResponse

/// Puts into words why a request never comes to a handler.
///
/// The path of the request is empty where its target is malformed.
package typealias HTTPRejection =
    @Sendable (_ request: HTTPRequest, _ status: HTTPStatus, _ code: String, _ detail: String) -> HTTPResponse

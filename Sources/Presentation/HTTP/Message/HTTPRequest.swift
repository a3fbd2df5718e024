/// A request as it came over the wire: nothing is decoded, nothing is guessed.
///
/// A class, since it is handed on many times and holds much.
package final class HTTPRequest: Sendable {
    /// The method, or nil for a token that no route can declare; then see `methodToken`.
    package let method: HTTPMethod?
    /// The method as sent, in its own case.
    package let methodToken: String
    /// The path as sent, still percent-encoded, starting with "/" (or "*" of `OPTIONS *`).
    package let path: String
    /// What follows the first "?", still percent-encoded, or nil without one.
    package let query: String?
    /// The header fields.
    package let fields: HTTPFields
    /// The body, to be read once.
    package let body: RequestBody
    /// The other end of the connection; see ``client`` for who makes the request.
    package let peer: PeerAddress
    /// Whether the connection itself is TLS; see ``isSecure`` for the client's.
    package let isEncrypted: Bool
    /// What a trusted proxy says about the request; nil without one.
    package let forwarding: Forwarding?

    /// Makes a request, as the server and tests of routes do.
    package init(
        _ methodToken: String, path: String, query: String? = nil, fields: HTTPFields = [:],
        body: RequestBody = .empty, peer: PeerAddress = .unknown, isEncrypted: Bool = false,
        forwarding: Forwarding? = nil
    ) {
        self.methodToken = methodToken
        self.method = HTTPMethod(token: methodToken)
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.peer = peer
        self.isEncrypted = isEncrypted
        self.forwarding = forwarding
    }

    /// The same request with a body.
    package func with(_ body: RequestBody) -> HTTPRequest {
        HTTPRequest(
            methodToken, path: path, query: query, fields: fields, body: body, peer: peer,
            isEncrypted: isEncrypted, forwarding: forwarding)
    }

    /// The same request with what a trusted proxy says about it.
    package func with(_ forwarding: Forwarding?) -> HTTPRequest {
        HTTPRequest(
            methodToken, path: path, query: query, fields: fields, body: body, peer: peer,
            isEncrypted: isEncrypted, forwarding: forwarding)
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

/// What is wrong with the head of a request.
struct HeadFault: Equatable {
    let status: HTTPStatus
    let code: String
    let detail: String
    /// When to try again, in seconds.
    let retryAfter: Int?

    init(_ status: HTTPStatus, _ code: String, _ detail: String, retryAfter: Int? = nil) {
        self.status = status
        self.code = code
        self.detail = detail
        self.retryAfter = retryAfter
    }

    /// One connection more than the server bears.
    static let surplus = HeadFault(
        .serviceUnavailable, "overloaded", "There are too many connections. Ask again.", retryAfter: 1)

    static func malformed(_ detail: String) -> HeadFault {
        HeadFault(.badRequest, "malformed_request", detail)
    }

    static func tooLong(limit: Int) -> HeadFault {
        HeadFault(.contentTooLarge, "payload_too_large", "The body is longer than \(limit) bytes.")
    }

    static let slowBody = HeadFault(.requestTimeout, "request_timeout", "The body came too slowly.")
}

/// The head of a request and the rules that it must keep before anyone acts on it.
///
/// libmicrohttpd parses leniently: of two lengths it takes one, and of a length and a transfer coding the latter.
/// A proxy before it may choose otherwise, and then one of them takes a body for a request (RFC 9112,
/// section 11.2). So everything of that kind is refused, and the connection closed. Its own strict mode stays
/// off: it answers a missing host with two heads, one behind the other (0.9.75).
struct RequestHead {
    let method: String
    let version: String
    /// The target as sent, and what it means if it is well-formed.
    let targetText: String
    let target: RequestTarget?
    let fields: HTTPFields
    /// How a body comes, if one does.
    let framing: Framing

    init(method: String, version: String, target: String, fields: HTTPFields) {
        self.method = method
        self.version = version
        targetText = target
        self.target = RequestTarget(target, method: method)
        self.fields = fields
        framing = Framing(fields)
    }

    /// The ways in which bodies come.
    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked

        fileprivate init(_ fields: HTTPFields) {
            if fields.contains("Transfer-Encoding") {
                self = .chunked
            } else if let text = fields["Content-Length"] {
                // More digits than Int holds are simply too long.
                let length = Int(text) ?? .max
                self = length > 0 ? .length(length) : .none
            } else {
                self = .none
            }
        }
    }

    var expectsContinue: Bool {
        fields["Expect"]?.lowercased() == "100-continue"
    }

    /// A fault after which nothing else on the connection can be trusted, so that it is closed.
    func framingFault() -> HeadFault? {
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
            return HeadFault(.httpVersionNotSupported, "http_version_not_supported", "Use HTTP/1.1.")
        }
        guard !method.isEmpty, method.utf8.allSatisfy(isTokenByte) else {
            return .malformed("The method is no token.")
        }
        guard fields.areWellFormed else { return .malformed("A header field is malformed.") }
        let hosts = fields.count(of: "Host")
        if hosts > 1 || hosts == 0 && version == "HTTP/1.1" { return .malformed("Host must be given once.") }
        let lengths = fields.values(of: "Content-Length")
        let codings = fields.values(of: "Transfer-Encoding")
        if lengths.count > 1 { return .malformed("Content-Length is given more than once.") }
        if !lengths.isEmpty, !codings.isEmpty {
            return .malformed("Content-Length and Transfer-Encoding exclude each other.")
        }
        if let length = lengths.first,
            length.isEmpty || !length.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        {
            return .malformed("Content-Length is no number.")
        }
        guard let coding = codings.first else { return nil }
        if codings.count > 1 || version == "HTTP/1.0" {
            return .malformed("Transfer-Encoding is given more than once, or in HTTP/1.0.")
        }
        guard coding.lowercased() == "chunked" else {
            return HeadFault(
                .notImplemented, "transfer_coding_not_implemented", "Only chunked is understood.")
        }
        return nil
    }

    /// A fault of this request alone.
    func fault(_ limits: HTTPServerConfiguration) -> HeadFault? {
        if targetText.utf8.count > limits.maximumTarget {
            return HeadFault(
                .uriTooLong, "uri_too_long", "The target is longer than \(limits.maximumTarget) bytes.")
        }
        if fields.byteCount > limits.maximumHead {
            return HeadFault(
                .headerFieldsTooLarge, "header_fields_too_large",
                "The header fields are longer than \(limits.maximumHead) bytes.")
        }
        guard let target else {
            return .malformed("The request target is malformed.")
        }
        let host = Self.withoutPort(target.authority ?? fields["Host"] ?? "")
        guard limits.allowedHosts.contains(host) || limits.allowedHosts.contains(host.lowercased()) else {
            return HeadFault(.misdirectedRequest, "misdirected_request", "This host is not served here.")
        }
        if let expectation = fields["Expect"], !expectsContinue {
            return HeadFault(
                .expectationFailed, "expectation_failed", "\"\(expectation)\" cannot be met.")
        }
        if case .length(let length) = framing, length > limits.maximumBody {
            return .tooLong(limit: limits.maximumBody)
        }
        return nil
    }

    private static func withoutPort(_ host: String) -> String {
        var host = host
        return host.withUTF8 { bytes in
            guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), bytes.last != UInt8(ascii: "]"),
                bytes[(colon + 1)...].allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            return String(decoding: bytes[..<colon], as: UTF8.self)
        } ?? host
    }
}

import Presentation
import Testing

@Suite("What the server refuses")
struct ServerRefusalTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let head: String
        /// The status of our own refusals, or of libmicrohttpd's, whose text is its own.
        let status: Int
        var code: String?

        var testDescription: String { name }
    }

    static let ambiguousHeads: [Case] = [
        Case(
            name: "length and coding",
            head: "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked",
            status: 400, code: "malformed_request"),
        Case(
            name: "coding and length",
            head: "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4",
            status: 400, code: "malformed_request"),
        Case(
            name: "two lengths",
            head: "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5",
            status: 400, code: "malformed_request"),
        Case(
            name: "twice the same length",
            head: "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\ncontent-length: 4",
            status: 400, code: "malformed_request"),
        Case(
            name: "two hosts", head: "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost", status: 400,
            code: "malformed_request"),
        Case(
            name: "two codings",
            head:
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            status: 400, code: "malformed_request"),
        Case(
            name: "another coding",
            head: "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked",
            status: 501, code: "transfer_coding_not_implemented"),
        Case(
            name: "a coding that only looks chunked",
            head: "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked",
            status: 501, code: "transfer_coding_not_implemented"),
        Case(
            name: "chunks in HTTP/1.0",
            head: "POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked", status: 400,
            code: "malformed_request"),
        Case(
            name: "a space before the colon",
            head: "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length : 4", status: 400,
            code: "malformed_request"),
        Case(
            name: "a space before the first name", head: "GET / HTTP/1.1\r\n X: y\r\nHost: localhost",
            status: 400,
            code: "malformed_request"),
        Case(
            name: "a length with a sign", head: "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +4",
            status: 400),
        Case(
            name: "a list of lengths", head: "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4, 4",
            status: 400),
        Case(
            name: "a length beyond what is counted with",
            head: "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999999999999999",
            status: 413, code: "payload_too_large"),
        Case(
            name: "an endless length",
            head: "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999",
            status: 413),
        Case(name: "no host", head: "GET / HTTP/1.1\r\nX: y", status: 400, code: "malformed_request"),
        Case(
            name: "a field without a colon", head: "GET / HTTP/1.1\r\nHost: localhost\r\nnonsense",
            status: 400),
    ]

    @Test(
        "a head that two readers may read differently is refused and the connection closed",
        arguments: ambiguousHeads)
    func smuggling(_ example: Case) async throws {
        try await withServer { _ in
            HTTPResponse(.ok, text: "served")
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send(
                    example.head + "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let response = try client.response()
                #expect(response.status == example.status)
                if let code = example.code { #expect(response.text == code) }
                #expect(response.fields["connection"]?.lowercased() == "close")
                // Nothing of what follows is taken for a request.
                let rest = String(decoding: try client.readToEnd(), as: UTF8.self)
                #expect(!rest.contains("served"))
            }
        }
    }

    static let excesses: [Case] = [
        Case(
            name: "a long target",
            head: "GET /\(String(repeating: "a", count: 300)) HTTP/1.1\r\nHost: localhost", status: 414,
            code: "uri_too_long"),
        Case(
            name: "long fields",
            head: "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "a", count: 900))",
            status: 431,
            code: "header_fields_too_large"),
        Case(
            name: "a foreign host", head: "GET / HTTP/1.1\r\nHost: evil.example", status: 421,
            code: "misdirected_request"),
        Case(
            name: "a foreign host with a port", head: "GET / HTTP/1.1\r\nHost: evil.example:8080",
            status: 421,
            code: "misdirected_request"),
        Case(
            name: "a foreign authority", head: "GET http://evil.example/ HTTP/1.1\r\nHost: localhost",
            status: 421,
            code: "misdirected_request"),
        Case(
            name: "an empty host", head: "GET / HTTP/1.1\r\nHost:", status: 421, code: "misdirected_request"),
        Case(
            name: "a target that is no path", head: "GET nonsense HTTP/1.1\r\nHost: localhost", status: 400,
            code: "malformed_request"),
        Case(
            name: "bytes that are no ASCII in the target", head: "GET /ü HTTP/1.1\r\nHost: localhost",
            status: 400,
            code: "malformed_request"),
        Case(
            name: "an unknown expectation", head: "GET / HTTP/1.1\r\nHost: localhost\r\nExpect: miracles",
            status: 417,
            code: "expectation_failed"),
    ]

    @Test(
        "a well-formed request beyond the limits is refused, and the connection goes on", arguments: excesses)
    func limits(_ example: Case) async throws {
        try await withServer {
            $0.maximumTarget = 256
            $0.maximumHead = 800
        } handler: { _ in
            HTTPResponse(.ok, text: "served")
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send(example.head + "\r\n\r\n")
                let response = try client.response()
                #expect(response.status == example.status)
                #expect(response.text == example.code)
                #expect(try client.get("/").text == "served")
            }
        }
    }

    @Test(
        "the loopback names are served, with and without a port",
        arguments: ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]", "[::1]:9"])
    func hosts(host: String) async throws {
        try await withServer { _ in
            HTTPResponse(.ok)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                #expect(try client.response().status == 200)
            }
        }
    }

    @Test("a body in chunks is refused as soon as it is too long, though its client would never stop")
    func endlessBody() async throws {
        let outcome = Report<RequestBodyError?>()
        try await withServer {
            $0.maximumBody = 100_000
        } handler: { request in
            do throws(RequestBodyError) {
                while try await request.body.next() != nil {}
                outcome(nil)
            } catch {
                outcome(error)
            }
            return HTTPResponse(.ok, text: "served")
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = Array("1000\r\n".utf8) + [UInt8](repeating: 1, count: 0x1000) + Array("\r\n".utf8)
                for _ in 0..<400 { try client.send(chunk) }
                let response = try client.response()
                #expect(response.status == 413)
                #expect(response.text == "payload_too_large")
                #expect(response.fields["connection"] == "close")
                #expect(response.fields["date"]?.hasSuffix("GMT") == true)
                #expect(try client.readToEnd().isEmpty)
            }
            #expect(await outcome.next() == .tooLarge(limit: 100_000))
        }
    }

    @Test("a body that is declared too long is refused, and the refusal read, while the client still sends")
    func longBody() async throws {
        try await withServer {
            $0.maximumBody = 1000
        } handler: { _ in
            HTTPResponse(.ok)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000000\r\n\r\n")
                try client.send([UInt8](repeating: 1, count: 8_000_000))
                let response = try client.response()
                #expect(response.status == 413)
                #expect(response.text == "payload_too_large")
            }
        }
    }
}

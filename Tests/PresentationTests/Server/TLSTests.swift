import Glibc
import Presentation
import TestSupport
import Testing

@Suite("TLS of the server")
struct TLSTests {
    private static func identity(_ certificate: TestCertificate) throws -> TLSIdentity {
        try TLSIdentity(chain: certificate.chain, key: certificate.key)
    }

    private static func client(_ port: Int, _ priorities: String = "NORMAL") throws -> RawClient {
        let client = try RawClient(port: port)
        try client.encrypt(priorities)
        return client
    }

    /// Runs a server that speaks TLS.
    private func serving(
        _ configure: (inout HTTPServerConfiguration) -> Void = { _ in }, handler: @escaping HTTPHandler,
        _ body: @escaping @Sendable (_ port: Int, TestCertificate) throws -> Void
    ) async throws {
        let certificate = TestCertificate()
        let identity = try Self.identity(certificate)
        try await withServer(
            {
                $0.identity = identity
                configure(&$0)
            }, handler: handler
        ) { port in
            try await offPool { try body(port, certificate) }
        }
    }

    private static let hello: HTTPHandler = { _ in HTTPResponse(.ok, text: "hello") }

    @Test("A54: requests are answered under TLS, many on one connection, with the certificate that is set")
    func requests() async throws {
        try await serving(handler: Self.hello) { port, certificate in
            let client = try Self.client(port)
            #expect(client.certificate == certificate.encoded)
            for _ in 0..<20 { #expect(try client.get("/").text == "hello") }
        }
    }

    @Test("what is answered knows that its request came by TLS")
    func isSecure() async throws {
        try await serving(handler: { HTTPResponse(.ok, text: "\($0.isSecure)") }) { port, _ in
            let answer = try Self.client(port).get("/")
            #expect(answer.text == "true")
        }
    }

    @Test(
        "A54: what is spoken is TLS 1.2 and later, with ciphers that authenticate",
        arguments: [
            ("NORMAL:-VERS-ALL:+VERS-TLS1.3", "TLS1.3"), ("NORMAL:-VERS-ALL:+VERS-TLS1.2", "TLS1.2"),
            ("NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT", nil),
            ("NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC", nil),
        ])
    func versions(priorities: String, version: String?) async throws {
        try await serving(handler: Self.hello) { port, _ in
            guard let version else {
                #expect(throws: RawClient.Failure.self) { try Self.client(port, priorities) }
                return
            }
            let client = try Self.client(port, priorities)
            #expect(client.version == version)
        }
    }

    @Test("A54: whoever speaks no TLS gets no answer, and others do")
    func plain() async throws {
        try await serving(handler: Self.hello) { port, _ in
            let plain = try RawClient(port: port)
            try plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(!String(decoding: try plain.readToEnd(), as: UTF8.self).contains("HTTP/1.1"))
            #expect(try Self.client(port).get("/").status == 200)
        }
    }

    @Test("A54: another certificate is shown to those who connect from then on; who is here goes on")
    func replacement() async throws {
        let (first, second) = (TestCertificate(), TestCertificate())
        var configuration = HTTPServerConfiguration.patient
        configuration.identity = try Self.identity(first)
        let server = HTTPServer(configuration, refuse: plainRejection, handler: Self.hello)
        let port = try server.start()
        let next = try Self.identity(second)
        try await offPool {
            let early = try Self.client(port)
            #expect(try early.get("/").status == 200)
            server.show(next)
            let late = try Self.client(port)
            #expect(early.certificate == first.encoded)
            #expect(late.certificate == second.encoded)
            #expect(try early.get("/").status == 200)
            #expect(try late.get("/").status == 200)
        }
        await server.stop(within: .seconds(5))
    }

    @Test("A54: a certificate and a key that do not belong together, or are none, are no identity")
    func unusable() throws {
        let (one, other) = (TestCertificate(), TestCertificate())
        for (chain, key) in [(one.chain, other.key), (one.key, one.chain), ([], []), (one.chain, [1, 2, 3])] {
            let error = #expect(throws: TLSIdentityError.self) { try TLSIdentity(chain: chain, key: key) }
            #expect(error?.description.isEmpty == false)
        }
    }

    @Test("bodies come and go whole under TLS, whatever their length", arguments: [1, 70_000, 3_000_000])
    func bodies(length: Int) async throws {
        let echo: HTTPHandler = { request in
            let body = (try? await request.body.collect(limit: 1 << 24)) ?? []
            return HTTPResponse(.ok, body, type: "application/octet-stream")
        }
        try await serving(handler: echo) { port, _ in
            let sent = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let client = try Self.client(port)
            try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\n\r\n")
            try client.send(sent)
            #expect(try client.response().body == sent)
        }
    }

    @Test("a file goes out whole under TLS")
    func files() async throws {
        let path = "/tmp/cutroom-tls-\(UInt64.random(in: 0 ... .max))"
        let content = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 % 251) }
        let descriptor = creat(path, 0o600)
        #expect(write(descriptor, content, content.count) == content.count)
        close(descriptor)
        defer { unlink(path) }
        let handler: HTTPHandler = { _ in
            guard let file = OpenFile(path: path) else { return HTTPResponse(.notFound) }
            return HTTPResponse(.ok, body: .file(file, 1..<file.size))
        }
        try await serving(handler: handler) { port, _ in
            let answer = try Self.client(port).get("/")
            #expect(answer.body == Array(content.dropFirst()))
        }
    }

    @Test("a body beyond the limit is refused under TLS too, while it comes")
    func tooLong() async throws {
        let drain: HTTPHandler = { request in
            while let bytes = try? await request.body.next(), !bytes.isEmpty {}
            return HTTPResponse(.ok)
        }
        try await serving({ $0.maximumBody = 100_000 }, handler: drain) { port, _ in
            let client = try Self.client(port)
            try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            let piece = [UInt8](repeating: 7, count: 50_000)
            for _ in 0..<3 {
                try client.send("\(String(piece.count, radix: 16))\r\n")
                try client.send(piece)
                try client.send("\r\n")
            }
            let answer = try client.response()
            #expect(answer.status == 413)
            #expect(answer.text == "payload_too_large")
        }
    }

    @Test("C14: event streams run under TLS")
    func streams() async throws {
        let handler: HTTPHandler = { _ in
            let channel = EventChannel()
            for number in 0..<3 { channel.send(Array("data: \(number)\n\n".utf8)) }
            channel.finish()
            return HTTPResponse(.ok, fields: ["Content-Type": "text/event-stream"], body: .events(channel))
        }
        try await serving(handler: handler) { port, _ in
            let answer = try Self.client(port).get("/")
            #expect(answer.text == "data: 0\n\ndata: 1\n\ndata: 2\n\n")
        }
    }

    @Test("C14: WebSockets run under TLS, and end with the server")
    func webSockets() async throws {
        let certificate = TestCertificate()
        var configuration = HTTPServerConfiguration.patient
        configuration.identity = try Self.identity(certificate)
        let server = HTTPServer(configuration, refuse: plainRejection, handler: WebSocketTests.echo)
        let port = try server.start()
        let opened = Report<Void>()
        let talk = Task {
            try await offPool {
                let client = try Self.client(port)
                try client.send(
                    (["GET / HTTP/1.1", "Host: localhost"] + WebSocketTests.handshake)
                        .joined(separator: "\r\n") + "\r\n\r\n")
                #expect(try client.head().status == 101)
                for number in 0..<20 {
                    let text = Array("hello \(number) \(String(repeating: "x", count: number * 40))".utf8)
                    try client.send(WebSocketTests.frame(1, text))
                    #expect(try WebSocketTests.read(client) == (1, text))
                }
                opened(())
                try WebSocketTests.expectClose(client, 1001)
                try client.send(WebSocketTests.frame(8, [0x03, 0xE9]))
                #expect(try client.readToEnd().isEmpty)
            }
        }
        await opened.next()
        await server.stop(within: .seconds(5))
        try await talk.value
    }
}

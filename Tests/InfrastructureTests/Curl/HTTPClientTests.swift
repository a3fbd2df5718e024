import Application
import Domain
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Talking to other servers")
struct HTTPClientTests {
    private let client = HTTPClient()
    private static let loopback = AddressPolicy(allowed: [AddressRange("127.0.0.1")!])

    @Test("a request goes out as it is and the answer comes back whole")
    func exchange() async throws {
        let server = ScriptedServer { _ in
            .answer(status: 201, headers: [("X-Kind", "a"), ("x-other", " b ")], body: Array("done".utf8))
        }
        let response = try await client.send(
            HTTPRequest(
                server.address + "/v1/x?y=1", method: "POST", headers: [("Authorization", "Bearer key")],
                body: .bytes(Array("{}".utf8), type: "application/json"), destination: .configured))
        #expect(response.status == 201)
        #expect(response.header("x-kind") == "a")
        #expect(response.header("X-Other") == "b")
        #expect(response.body == Array("done".utf8))
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/v1/x?y=1")
        #expect(request.header("authorization") == "Bearer key")
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("expect") == nil)
        #expect(request.text == "{}")
    }

    @Test("an empty body is sent as one", arguments: ["POST", "PUT"])
    func emptyBody(method: String) async throws {
        let server = ScriptedServer { _ in .answer() }
        for body in [HTTPRequest.Body.none, .bytes([], type: "text/plain")] {
            _ = try await client.send(
                HTTPRequest(server.address, method: method, body: body, destination: .configured))
        }
        #expect(server.requests.map(\.method) == [method, method])
        #expect(server.requests.allSatisfy { $0.header("content-length") == "0" && $0.body.isEmpty })
    }

    @Test("files and forms are read from the disk as they are sent")
    func files() async throws {
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await withTemporaryFile(bytes) { path in
            let server = ScriptedServer { _ in .answer() }
            _ = try await client.send(
                HTTPRequest(
                    server.address, method: "POST", body: .file(path: path, type: "audio/wav"),
                    destination: .configured))
            _ = try await client.send(
                HTTPRequest(
                    server.address, method: "POST",
                    body: .form([
                        .init("model", .text("large")),
                        .init("file", .file(path: path, filename: "talk.wav", type: "audio/wav")),
                    ]), destination: .configured))
            let requests = server.requests
            #expect(requests[0].body == bytes)
            #expect(requests[1].header("content-type")?.hasPrefix("multipart/form-data; boundary=") == true)
            #expect(requests[1].body.count > bytes.count)
            let text = String(decoding: requests[1].body, as: Unicode.ASCII.self)
            #expect(text.contains("name=\"model\"\r\n\r\nlarge\r\n"))
            #expect(text.contains("name=\"file\"; filename=\"talk.wav\""))
        }
    }

    @Test("an answer larger than the limit is not kept")
    func bound() async throws {
        let server = ScriptedServer { _ in .endless() }
        await #expect(throws: PortError.self) {
            try await client.send(HTTPRequest(server.address, destination: .configured), bodyLimit: 1 << 20)
        }
    }

    @Test("a server that asks to wait is heard")
    func retryAfter() async throws {
        let server = ScriptedServer { _ in .answer(status: 429, headers: [("Retry-After", "17")]) }
        let response = try await client.send(HTTPRequest(server.address, destination: .configured))
        #expect(response.retryAfter == .seconds(17))
        #expect(response.isMomentary)
    }

    @Test("a silent, an endless and a rude server end as unavailable")
    func silence() async throws {
        let replies: [ScriptedServer.Reply] = [
            .silence, .endless(), .hangUp, .cutOff(body: [1], length: 5),
        ]
        for reply in replies {
            let server = ScriptedServer { _ in reply }
            let request = HTTPRequest(
                server.address, destination: .configured,
                deadlines: .init(connect: .milliseconds(200), total: .milliseconds(200)))
            await #expect(throws: PortError.self) {
                try await client.receive(request, with: HTTPReceiver { _ in })
            }
        }
    }

    @Test("nobody answers where nobody listens")
    func refusedConnection() async throws {
        await #expect(throws: PortError.self) {
            try await client.send(HTTPRequest("http://127.0.0.1:1", destination: .configured))
        }
    }

    @Test("a cancelled task ends its exchange")
    func cancellation() async throws {
        let asked = TestGate()
        let server = ScriptedServer { _ in
            asked.open()
            return .silence
        }
        let exchange = Task {
            try await client.send(HTTPRequest(server.address, destination: .configured))
        }
        await asked.wait()
        exchange.cancel()
        await #expect(throws: PortError.cancelled) { try await exchange.value }
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.send(HTTPRequest(server.address, destination: .configured))
        }
        await #expect(throws: PortError.cancelled) { try await early.value }
    }

    @Test(
        "inside addresses are refused in every spelling",
        arguments: [
            "http://127.0.0.1:PORT/", "http://localhost:PORT/", "http://2130706433:PORT/",
            "http://0x7f.1:PORT/",
            "http://0177.0.0.1:PORT/", "http://127.1:PORT/", "http://0.0.0.0:PORT/", "http://0:PORT/",
            "http://[::1]:PORT/", "http://[::]:PORT/", "http://[::ffff:127.0.0.1]:PORT/",
            "http://[::ffff:7f00:1]:PORT/", "http://[64:ff9b::7f00:1]:PORT/",
            "http://user@127.0.0.1:PORT/", "http://1.1.1.1@127.0.0.1:PORT/", "http://169.254.169.254/latest/",
            "http://[fd00:ec2::254]/", "http://10.0.0.1/", "http://192.168.0.1/", "http://100.64.0.1/",
        ])
    func inside(address: String) async throws {
        let server = ScriptedServer { _ in .answer() }
        let url = address.replacing("PORT", with: String(server.port))
        let error = await #expect(throws: MediaError.self) {
            try await client.send(HTTPRequest(url, destination: .stranger(AddressPolicy())))
        }
        #expect(error?.code == "address_refused")
        #expect(server.requests.isEmpty)
    }

    @Test(
        "redirects to inside addresses and other schemes are refused",
        arguments: [
            ("http://127.0.0.2:PORT/", "address_refused"), ("http://[::1]:PORT/", "address_refused"),
            ("http://[::ffff:169.254.169.254]/", "address_refused"), ("http://10.0.0.1/", "address_refused"),
            ("file:///etc/passwd", "address_unsupported"), ("gopher://127.0.0.1/", "address_unsupported"),
            ("ftp://127.0.0.1/", "address_unsupported"), ("/again", "fetch_refused"),
        ])
    func redirects(target: String, code: String) async throws {
        let port = Atomic<Int>(0)
        let server = ScriptedServer { _ in
            .redirect(to: target.replacing("PORT", with: String(port.load(ordering: .relaxed))))
        }
        port.store(Int(server.port), ordering: .relaxed)
        let error = await #expect(throws: MediaError.self) {
            try await client.send(HTTPRequest(server.address, destination: .stranger(Self.loopback)))
        }
        #expect(error?.code == code)
    }

    @Test("a connection that was opened for the operator is not lent to strangers")
    func reuse() async throws {
        let server = ScriptedServer { _ in .answer() }
        _ = try await client.send(HTTPRequest(server.address, destination: .configured))
        let error = await #expect(throws: MediaError.self) {
            try await client.send(HTTPRequest(server.address, destination: .stranger(AddressPolicy())))
        }
        #expect(error?.code == "address_refused")
        #expect(server.requests.count == 1)
    }

    @Test("the operator's own addresses are not redirected")
    func configuredRedirect() async throws {
        let server = ScriptedServer { _ in .redirect(to: "http://example.invalid/") }
        let response = try await client.send(HTTPRequest(server.address, destination: .configured))
        #expect(response.status == 302)
    }

    @Test(
        "only http and https are spoken",
        arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "nonsense://", ""])
    func schemes(url: String) async throws {
        let error = await #expect(throws: MediaError.self) {
            try await client.send(HTTPRequest(url, destination: .configured))
        }
        #expect(error?.code == "address_unsupported")
    }

    @Test("a line break does not smuggle a header in")
    func headerInjection() async throws {
        let server = ScriptedServer { _ in .answer() }
        await #expect(throws: MediaError.self) {
            try await client.send(
                HTTPRequest(server.address, headers: [("X", "a\r\nY: b")], destination: .configured))
        }
        #expect(server.requests.isEmpty)
    }

    @Test("a receiver that does not want the body gets none of it")
    func unwanted() async throws {
        let server = ScriptedServer { _ in .endless(headers: [("Content-Type", "text/html")]) }
        let head = try await client.receive(
            HTTPRequest(server.address, destination: .configured),
            with: HTTPReceiver(
                accept: { $0.header("content-type") != "text/html" },
                receive: { _ in Issue.record("a piece of the body came") }))
        #expect(head.status == 200)
    }
}

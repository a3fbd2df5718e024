import Glibc
import Presentation
import Testing

@Suite("WebSockets of the server")
struct WebSocketTests {
    /// One frame as a client must send it: masked.
    static func frame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
        var frame: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0x80 | 126, UInt8(payload.count >> 8 & 0xFF), UInt8(payload.count & 0xFF)]
        }
        let mask: [UInt8] = [1, 2, 3, 4]
        return frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    static let handshake = [
        "Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]

    static func open(_ port: Int, receiveBuffer: Int32? = nil) throws -> RawClient {
        let client = try RawClient(port: port, receiveBuffer: receiveBuffer)
        try client.send(
            (["GET / HTTP/1.1", "Host: localhost"] + handshake).joined(separator: "\r\n") + "\r\n\r\n")
        let head = try client.head()
        #expect(head.status == 101)
        // The example of RFC 6455, section 1.3.
        #expect(head.fields["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        return client
    }

    /// Reads one frame of the server, which are never masked.
    static func read(_ client: RawClient) throws -> (opcode: UInt8, payload: [UInt8]) {
        let head = try client.read(2)
        var length = Int(head[1])
        if length == 126 { length = try client.read(2).reduce(0) { $0 << 8 | Int($1) } }
        return (head[0] & 0x0F, try client.read(length))
    }

    static func expectClose(_ client: RawClient, _ code: UInt16) throws {
        let (opcode, payload) = try read(client)
        #expect(opcode == 8)
        #expect(payload.prefix(2).reduce(0) { $0 << 8 | UInt16($1) } == code)
    }

    static let echo: HTTPHandler = { request in
        .webSocket(
            WebSocketUpgrade(maximumMessage: 1000, allowsOrigin: WebSocketUpgrade.sameOrigin(as: request)) {
                socket in
                while case .text(let text) = await socket.receive() { socket.send(text) }
            }, for: request, refuse: plainRefusal)
    }

    @Test("texts are echoed, also in fragments, with a ping between")
    func echo() async throws {
        try await withServer(handler: Self.echo) { port in
            try await offPool {
                let client = try Self.open(port)
                for number in 0..<20 {
                    try client.send(Self.frame(1, Array("hello \(number)".utf8)))
                    #expect(try Self.read(client) == (1, Array("hello \(number)".utf8)))
                }
                try client.send(Self.frame(1, Array("frag".utf8), isFinal: false))
                try client.send(Self.frame(9, Array("ping".utf8)))
                #expect(try Self.read(client) == (10, Array("ping".utf8)))
                try client.send(Self.frame(0, Array("ment".utf8)))
                #expect(try Self.read(client) == (1, Array("fragment".utf8)))
                try client.send(Self.frame(8, [0x03, 0xE8]))
                try Self.expectClose(client, 1000)
                #expect(try client.readToEnd().isEmpty)
            }
        }
    }

    @Test(
        "what a client must not send closes with the code that says so",
        arguments: [
            (frame(2, [1, 2, 3]), 1003), (frame(1, [UInt8](repeating: 97, count: 1001)), 1009),
            (frame(1, [0xFF, 0xFE]), 1007), ([0x81, 0x01, 0x61] as [UInt8], 1002),
        ] as [([UInt8], UInt16)])
    func violations(frame: [UInt8], code: UInt16) async throws {
        try await withServer(handler: Self.echo) { port in
            try await offPool {
                let client = try Self.open(port)
                try client.send(frame)
                try Self.expectClose(client, code)
            }
        }
    }

    @Test("a conversation that ends closes with 1000")
    func normalEnd() async throws {
        try await withServer { request in
            .webSocket(
                WebSocketUpgrade(allowsOrigin: { _ in true }) { socket in
                    socket.send("first")
                    socket.send("last")
                }, for: request, refuse: plainRefusal)
        } _: { port in
            try await offPool {
                let client = try Self.open(port)
                #expect(try Self.read(client) == (1, Array("first".utf8)))
                #expect(try Self.read(client) == (1, Array("last".utf8)))
                try Self.expectClose(client, 1000)
                try client.send(Self.frame(8, [0x03, 0xE8]))
                #expect(try client.readToEnd().isEmpty)
            }
        }
    }

    @Test("a client that goes away ends the conversation and cancels its task")
    func leaving() async throws {
        let ended = Report<Bool>()
        try await withServer { request in
            .webSocket(
                WebSocketUpgrade(allowsOrigin: { _ in true }) { socket in
                    let message = await socket.receive()
                    ended(message == nil)
                }, for: request, refuse: plainRefusal)
        } _: { port in
            try await offPool { _ = try Self.open(port) }
            #expect(await ended.next())
        }
    }

    @Test("A63: a silent client is pinged, and dropped if it does not answer")
    func heartbeat() async throws {
        try await withServer {
            $0.heartbeat = .milliseconds(40)
        } handler: { request in
            await Self.echo(request)
        } _: { port in
            try await offPool {
                let client = try Self.open(port)
                #expect(try Self.read(client).opcode == 9)
                try client.send(Self.frame(10, []))
                #expect(try Self.read(client).opcode == 9)
                _ = try client.readToEnd()
            }
        }
    }

    @Test("a client that does not read is dropped")
    func slowReader() async throws {
        let dropped = Report<Int>()
        try await withServer { request in
            .webSocket(
                WebSocketUpgrade(allowsOrigin: { _ in true }) { socket in
                    let text = String(repeating: "x", count: 30_000)
                    var sent = 0
                    while socket.send(text) {
                        sent += 1
                        await Task.yield()
                    }
                    dropped(sent)
                }, for: request, refuse: plainRefusal)
        } _: { port in
            let client = try await offPool { Held(try Self.open(port)) }
            #expect(await dropped.next() > 0)
            _ = client
        }
    }

    @Test("what was before a client came is told however much it is, and however slowly it reads")
    func replay() async throws {
        let told = Report<Bool>()
        try await withServer { request in
            .webSocket(
                WebSocketUpgrade(allowsOrigin: { _ in true }) { socket in
                    let text = String(repeating: "x", count: 30_000)
                    told(
                        (0..<400).allSatisfy { _ in socket.send(text, isReplay: true) } && socket.send("now"))
                }, for: request, refuse: plainRefusal)
        } _: { port in
            let client = try await offPool { Held(try Self.open(port, receiveBuffer: 4096)) }
            #expect(await told.next())
            try await offPool {
                for _ in 0..<400 { #expect(try Self.read(client.value).payload.count == 30_000) }
                #expect(try Self.read(client.value) == (1, Array("now".utf8)))
                try Self.expectClose(client.value, 1000)
            }
        }
    }

    @Test("a client that pings and does not read is held back, and others are heard")
    func unreadPongs() async throws {
        try await withServer(handler: Self.echo) { port in
            try await offPool {
                let flooder = try Self.open(port, receiveBuffer: 4096)
                let other = try Self.open(port)
                let pings = [[UInt8]](repeating: Self.frame(9, [UInt8](repeating: 1, count: 125)), count: 500)
                let bytes = Array(pings.joined())
                // Far more than the kernel holds for both ends.
                var sent = 0
                while sent < 64 << 20, flooder.takesMore(within: 500) {
                    sent += flooder.sendAtOnce(bytes)
                }
                #expect(sent < 64 << 20)
                try other.send(Self.frame(1, Array("still there".utf8)))
                #expect(try Self.read(other) == (1, Array("still there".utf8)))
            }
        }
    }

    @Test("stopping closes with 1001")
    func shutdown() async throws {
        let configuration = HTTPServerConfiguration.patient
        let server = HTTPServer(configuration, refuse: plainRejection, handler: Self.echo)
        let port = try server.start()
        let client = try await offPool { Held(try Self.open(port)) }
        async let stopped: Void = server.stop(within: .seconds(20))
        try await offPool {
            try Self.expectClose(client.value, 1001)
            try client.value.send(Self.frame(8, [0x03, 0xE9]))
            #expect(try client.value.readToEnd().isEmpty)
        }
        _ = await stopped
    }

    @Test(
        "a request that is no handshake is refused",
        arguments: [
            ([] as [String], 426), (Array(handshake.dropLast()), 400),
            (handshake + ["Origin: http://evil.example"], 403),
            (handshake.map { $0.replacing("13", with: "8") }, 426),
        ])
    func refusals(fields: [String], status: Int) async throws {
        try await withServer(handler: Self.echo) { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send(
                    (["GET / HTTP/1.1", "Host: localhost"] + fields).joined(separator: "\r\n") + "\r\n\r\n")
                #expect(try client.response().status == status)
            }
        }
    }

    @Test("a page of this very host may open the socket")
    func sameOrigin() async throws {
        try await withServer(handler: Self.echo) { port in
            try await offPool {
                let client = try RawClient(port: port)
                let fields =
                    ["GET / HTTP/1.1", "Host: localhost:1", "Origin: http://localhost:1"] + Self.handshake
                try client.send(fields.joined(separator: "\r\n") + "\r\n\r\n")
                #expect(try client.head().status == 101)
            }
        }
    }
}

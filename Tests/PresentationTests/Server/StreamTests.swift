import Glibc
import Presentation
import Testing

@Suite("Event streams of the server")
struct StreamTests {
    @Test("events are delivered as they come, and the end ends the answer but not the connection")
    func delivery() async throws {
        let channel = EventChannel()
        let closed = Report<Void>()
        channel.onClose { closed(()) }
        channel.send(ServerSentEvent(event: "status", id: "1", data: "queued").encoded)
        try await withServer { request in
            request.path == "/events" ? .events(channel) : HTTPResponse(.ok)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try client.head().fields["content-type"] == "text/event-stream")
                #expect(try client.chunk() == Array("event: status\nid: 1\ndata: queued\n\n".utf8))
                for number in 0..<100 {
                    channel.send(ServerSentEvent(data: "\(number)").encoded)
                    #expect(try client.chunk() == Array("data: \(number)\n\n".utf8))
                }
                channel.send(ServerSentEvent(event: "close", data: "done").encoded)
                channel.finish()
                #expect(try client.chunk() == Array("event: close\ndata: done\n\n".utf8))
                #expect(try client.chunk() == nil)
                #expect(try client.get("/").status == 200)
            }
            await closed.next()
            #expect(channel.isClosed)
        }
    }

    @Test("a silent stream is kept alive by comments")
    func heartbeat() async throws {
        let channel = EventChannel()
        try await withServer {
            $0.heartbeat = .milliseconds(30)
            $0.tick = .milliseconds(10)
        } handler: { _ in
            .events(channel)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                _ = try client.head()
                for _ in 0..<3 { #expect(try client.chunk() == Array(":\n\n".utf8)) }
            }
        }
    }

    @Test("a client that leaves closes its channel")
    func leaving() async throws {
        let closed = Report<Void>()
        try await withServer {
            $0.heartbeat = .milliseconds(20)
            $0.tick = .milliseconds(10)
        } handler: { _ in
            let channel = EventChannel()
            channel.onClose { closed(()) }
            return .events(channel)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                _ = try client.head()
            }
            await closed.next()
        }
    }

    @Test("a client that does not read is dropped and delays nobody")
    func slowReader() async throws {
        let slow = EventChannel()
        let quick = EventChannel()
        let dropped = Report<Void>()
        slow.onClose { dropped(()) }
        let event = ServerSentEvent(data: String(repeating: "x", count: 8000)).encoded
        try await withServer {
            $0.threads = 1
        } handler: { request in
            .events(request.path == "/slow" ? slow : quick)
        } _: { port in
            let isDropped = try await offPool {
                let sleeper = try RawClient(port: port, receiveBuffer: 4096)
                try sleeper.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let reader = try RawClient(port: port)
                try reader.send("GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n")
                _ = try (sleeper.head(), reader.head())
                // Far more than the kernel and the channel hold together.
                for _ in 0..<2000 {
                    slow.send(event)
                    quick.send(event)
                    var received = 0
                    while received < event.count { received += try reader.chunk()?.count ?? event.count }
                    if slow.isClosed { break }
                }
                return slow.isClosed
            }
            #expect(isDropped)
            #expect(!quick.isClosed)
            await dropped.next()
        }
    }

    @Test("stopping the server ends every stream")
    func shutdown() async throws {
        let channels = (0..<5).map { _ in EventChannel() }
        let configuration = HTTPServerConfiguration.patient
        let server = HTTPServer(configuration, refuse: plainRejection) { request in
            .events(channels[Int(request.path.dropFirst()) ?? 0])
        }
        let port = try server.start()
        let clients = try await offPool {
            try (0..<5).map { number in
                let client = try RawClient(port: port)
                try client.send("GET /\(number) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                _ = try client.head()
                return Held(client)
            }
        }
        async let stopped: Void = server.stop(within: .seconds(20))
        try await offPool {
            for client in clients {
                let (last, rest) = try (client.value.chunk(), client.value.readToEnd())
                #expect(last == nil && rest.isEmpty)
            }
        }
        _ = await stopped
        #expect(channels.allSatisfy { $0.isClosed })
    }

    @Test("a stream that begins while the server stops ends at once")
    func lateStream() async throws {
        let gate = Report<Void>()
        let arrived = Report<Void>()
        let configuration = HTTPServerConfiguration.patient
        let server = HTTPServer(configuration, refuse: plainRejection) { _ in
            arrived(())
            await gate.next()
            return .events(EventChannel())
        }
        let port = try server.start()
        async let rest = offPool {
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = try client.head()
            return try client.chunk()
        }
        await arrived.next()
        async let stopped: Void = server.stop(within: .seconds(20))
        try await offPool { while (try? RawClient(port: port)) != nil { sched_yield() } }
        gate(())
        #expect(try await rest == nil)
        _ = await stopped
    }

    @Test("HEAD of a stream ends at once and closes the channel")
    func head() async throws {
        let channel = EventChannel()
        let closed = Report<Void>()
        channel.onClose { closed(()) }
        try await withServer { _ in
            .events(channel)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("HEAD /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try client.response(toHead: true).status == 200)
                #expect(try client.readToEnd().isEmpty)
            }
            await closed.next()
        }
    }
}

/// A client handed from one blocking thread to the next, never used by two at once.
struct Held: @unchecked Sendable {
    let value: RawClient

    init(_ value: RawClient) { self.value = value }
}

import Glibc
import Presentation
import Synchronization
import Testing

/// How much is left of something.
final class Count: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func take(_ most: Int) -> Int {
        left.withLock { left in
            let count = min(left, most)
            left -= count
            return count
        }
    }
}

@Suite("Connections of the server")
struct ConnectionTests {
    @Test("a connection serves request after request")
    func keepAlive() async throws {
        try await withServer { request in
            HTTPResponse(.ok, text: request.path)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                for number in 0..<50 {
                    let response = try client.get("/\(number)")
                    #expect(response.status == 200)
                    #expect(response.text == "/\(number)")
                    #expect(response.fields["connection"] == nil)
                }
            }
        }
    }

    @Test("the fields of an answer stand on a line each, in their order, and none begins another")
    func fields() async throws {
        try await withServer { request in
            var response = HTTPResponse(.ok, text: "hi")
            response.fields.append("X-Empty", "")
            response.fields.append("X-Injecting", "a\r\nSet-Cookie: b")
            for number in 0..<request.path.utf8.count { response.fields.append("X-Many", "\(number)") }
            return response
        } _: { port in
            try await offPool {
                for more in ["", String(repeating: "a", count: 500)] {
                    let client = try RawClient(port: port)
                    try client.send("GET /\(more) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    #expect(try client.line() == "HTTP/1.1 200 OK")
                    #expect(try client.line().hasPrefix("Date: "))
                    #expect(try client.line() == "Content-Type: text/plain; charset=utf-8")
                    #expect(try client.line() == "X-Empty: ")
                    #expect(try client.line() == "X-Injecting: a  Set-Cookie: b")
                    for number in 0...more.utf8.count { #expect(try client.line() == "X-Many: \(number)") }
                    #expect(try client.line() == "Content-Length: 2")
                    #expect(try client.line() == "")
                    #expect(try client.read(2) == Array("hi".utf8))
                }
            }
        }
    }

    @Test("requests sent ahead are answered in their order")
    func pipelining() async throws {
        try await withServer { request in
            if request.path == "/1" { await Task.yield() }
            return HTTPResponse(.ok, text: request.path)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                let requests = (0..<10).map { "GET /\($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }
                try client.send(requests.joined())
                for number in 0..<10 { #expect(try client.response().text == "/\(number)") }
            }
        }
    }

    @Test("paths and queries arrive as they were sent")
    func rawTarget() async throws {
        try await withServer { request in
            HTTPResponse(.ok, text: "\(request.methodToken) \(request.path) \(request.query ?? "none")")
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                #expect(try client.get("/a%2Fb%00/%2e%2e").text == "GET /a%2Fb%00/%2e%2e none")
                #expect(try client.get("/a?x=%20+&y=?").text == "GET /a x=%20+&y=?")
                #expect(try client.get("/a?").text == "GET /a ")
                #expect(try client.get("http://localhost:1/b?c").text == "GET /b c")
                try client.send("BREW /pot HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try client.response().text == "BREW /pot none")
            }
        }
    }

    @Test("a handler that waits is answered when it is done")
    func suspendedHandlers() async throws {
        let gate = Report<Int>()
        let arrived = Report<Int>()
        try await withServer { request in
            arrived(1)
            return HTTPResponse(.ok, text: "\(request.path) \(await gate.next())")
        } _: { port in
            async let first = offPool { try RawClient(port: port).get("/slow") }
            async let second = offPool { try RawClient(port: port).get("/slow") }
            _ = await (arrived.next(), arrived.next())
            gate(7)
            gate(7)
            let texts = try await [first.text, second.text]
            #expect(texts == ["/slow 7", "/slow 7"])
        }
    }

    @Test("a request that ends on another thread at once is still answered", arguments: [1, 2])
    func raceOfEndAndSuspension(threads: Int) async throws {
        try await withServer {
            $0.threads = threads
        } handler: { _ in
            await Task.detached {}.value
            return HTTPResponse(.ok, text: "done")
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                for _ in 0..<2000 { #expect(try client.get("/").text == "done") }
            }
        }
    }

    @Test("a client that goes away cancels the task of its request")
    func cancellation() async throws {
        let started = Report<Void>()
        let cancelled = Report<Bool>()
        try await withServer {
            $0.tick = .milliseconds(10)
        } handler: { _ in
            started(())
            let never = Report<Void>()
            await withTaskCancellationHandler {
                await never.next()
            } onCancel: {
                never(())
            }
            cancelled(Task.isCancelled)
            return HTTPResponse(.ok)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            }
            await started.next()
            #expect(await cancelled.next())
        }
    }

    @Test("HEAD has the fields of GET and no body")
    func head() async throws {
        try await withServer { _ in
            HTTPResponse(.ok, text: "twelve bytes")
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let response = try client.response(toHead: true)
                #expect(response.fields["content-length"] == "12")
                // The next answer begins right behind the head.
                #expect(try client.get("/").text == "twelve bytes")
            }
        }
    }

    @Test("bytes of unknown length come in chunks, of known length as they are", arguments: [nil, 100_000])
    func streams(length: Int?) async throws {
        struct Letters: ByteSource {
            let left = Count(100_000)
            func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
                let count = left.take(buffer.count)
                buffer[..<count].initializeMemory(as: UInt8.self, repeating: 65)
                return count
            }
        }
        try await withServer { _ in
            HTTPResponse(.ok, body: .stream(Letters(), length: length))
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                let response = try client.get("/")
                #expect(response.body == [UInt8](repeating: 65, count: 100_000))
                #expect(response.fields["content-length"] == length.map(String.init))
                #expect(try client.get("/").body.count == 100_000)
            }
        }
    }

    @Test("a second server on the same port is told that it is taken")
    func addressInUse() async throws {
        try await withServer { _ in
            HTTPResponse(.ok)
        } _: { port in
            var configuration = HTTPServerConfiguration()
            configuration.port = port
            let second = HTTPServer(configuration, refuse: plainRejection) { _ in HTTPResponse(.ok) }
            #expect(throws: HTTPServerError.addressInUse(address: "127.0.0.1", port: port)) {
                try second.start()
            }
        }
    }

    @Test("a slow head is cut off, byte by byte as it may come")
    func slowHead() async throws {
        try await withServer {
            $0.headDeadline = .milliseconds(100)
            $0.tick = .milliseconds(10)
        } handler: { _ in
            HTTPResponse(.ok)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                let head = Array("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".utf8)
                for byte in head { try client.send([byte]) }
                #expect(try client.readToEnd().isEmpty)
            }
        }
    }

    @Test("a slow head is cut off on a connection that has served others, however long it may rest")
    func slowLaterHead() async throws {
        try await withServer {
            $0.headDeadline = .milliseconds(100)
            $0.tick = .milliseconds(10)
        } handler: { _ in
            HTTPResponse(.ok)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                #expect(try client.get("/").status == 200)
                try client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
                #expect(try client.readToEnd().isEmpty)
            }
        }
    }

    @Test(
        "a body that trickles is refused, whoever waits for it, and its handler told",
        arguments: [0, 1 << 20])
    func slowBody(gathered: Int) async throws {
        let outcome = Report<RequestBodyError?>()
        try await withServer {
            $0.bodyWindow = .milliseconds(100)
            $0.tick = .milliseconds(10)
            $0.gatheredBody = gathered
        } handler: { request in
            do throws(RequestBodyError) {
                _ = try await request.body.collect(limit: 1 << 20)
                outcome(nil)
            } catch {
                outcome(error)
            }
            return HTTPResponse(.ok)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nslow")
                let response = try client.response()
                #expect(response.status == 408)
                #expect(response.text == "request_timeout")
                #expect(response.fields["connection"] == "close")
                #expect(try client.readToEnd().isEmpty)
            }
            // A short body is taken in before anybody handles it.
            if gathered == 0 { #expect(await outcome.next() == .interrupted) }
        }
    }

    @Test("a client that takes its answer too slowly is cut off", .timeLimit(.minutes(10)))
    func slowAnswer() async throws {
        /// Letters without end; tells when nobody wants them any more.
        final class Letters: ByteSource {
            let gone: Report<Void>
            init(_ gone: Report<Void>) { self.gone = gone }
            deinit { gone(()) }
            func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
                buffer.initializeMemory(as: UInt8.self, repeating: 65)
                return buffer.count
            }
        }
        let gone = Report<Void>()
        try await withServer {
            $0.answerWindow = .milliseconds(100)
            $0.idleDeadline = .seconds(3600)
            $0.tick = .milliseconds(10)
        } handler: { _ in
            HTTPResponse(.ok, body: .stream(Letters(gone), length: 1 << 40))
        } _: { port in
            let client = try await offPool {
                let client = try RawClient(port: port, receiveBuffer: 4096)
                try client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                _ = try client.head()
                return Held(client)
            }
            await gone.next()
            withExtendedLifetime(client) {}
        }
    }

    @Test("a resting connection is closed after its time")
    func idle() async throws {
        try await withServer {
            $0.idleDeadline = .milliseconds(50)
            $0.tick = .milliseconds(10)
        } handler: { _ in
            HTTPResponse(.ok)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                #expect(try client.get("/").status == 200)
                #expect(try client.readToEnd().isEmpty)
            }
        }
    }

    @Test("A57: stopping lets the request under way finish, and turns new clients away")
    func shutdownDrains() async throws {
        let gate = Report<Void>()
        let arrived = Report<Void>()
        let configuration = HTTPServerConfiguration.patient
        let server = HTTPServer(configuration, refuse: plainRejection) { _ in
            arrived(())
            await gate.next()
            return HTTPResponse(.ok, text: "finished")
        }
        let port = try server.start()
        async let answer = offPool { try RawClient(port: port).get("/") }
        await arrived.next()
        async let stopped: Void = server.stop(within: .seconds(20))
        // It listens no more as soon as it has begun to stop.
        try await offPool { while (try? RawClient(port: port)) != nil { sched_yield() } }
        gate(())
        let response = try await answer
        #expect(response.text == "finished")
        #expect(response.fields["connection"]?.lowercased() == "close")
        _ = await stopped
    }

    @Test("stopping breaks off what does not finish in time and cancels it")
    func shutdownDeadline() async throws {
        let arrived = Report<Void>()
        let cancelled = Report<Void>()
        let configuration = HTTPServerConfiguration.patient
        let server = HTTPServer(configuration, refuse: plainRejection) { _ in
            arrived(())
            let never = Report<Void>()
            await withTaskCancellationHandler {
                await never.next()
            } onCancel: {
                never(())
            }
            cancelled(())
            return HTTPResponse(.ok)
        }
        let port = try server.start()
        async let rest = offPool {
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return try client.readToEnd()
        }
        await arrived.next()
        await server.stop(within: .zero)
        await cancelled.next()
        let sent = try await rest
        #expect(sent.isEmpty)
    }
}

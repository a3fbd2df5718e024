import Application
import Domain
import Presentation
import Synchronization
import Testing

@Suite("Streams over HTTP")
struct StreamAPITests {
    /// One event, taken apart.
    private struct Event: Equatable {
        var event = ""
        var id: String?
        var data: JSONValue = nil
    }

    private func channel(_ answer: APIFixture.Answer) throws -> EventChannel {
        guard case .events(let channel) = answer.body else { throw NotFound.task }
        return channel
    }

    /// What waits in a channel, and whether it has ended.
    private func read(_ channel: EventChannel) throws -> (events: [Event], hasEnded: Bool) {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var text = ""
        while case .bytes(let count) = buffer.withUnsafeMutableBytes({ channel.read(into: $0) }) {
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        let events = try text.split(separator: "\n\n").map { block in
            var event = Event()
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
                switch parts[0] {
                case "event": event.event = parts[1]
                case "id": event.id = parts[1]
                default: event.data = try JSONReader().read(Array(parts[1].utf8))
                }
            }
            return event
        }
        return (events, buffer.withUnsafeMutableBytes { channel.read(into: $0) } != .nothingYet)
    }

    @Test(
        "C14: a first connection gets the status, the clips so far and, when it has ended, the close",
        arguments: ["events", "progress"])
    func ended(name: String) async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        _ = try await fixture.complete(task)
        let answer = try await fixture.send("GET", "\(task)/\(name)")
        #expect(answer.fields["Content-Type"] == "text/event-stream")
        let (events, hasEnded) = try read(channel(answer))
        #expect(events.map(\.event) == ["status", "clip_ready", "close"])
        #expect(events[0].data["status"] == "completed")
        #expect(events[0].data["task_id"]?.text == task.split(separator: "/").last.map(String.init))
        #expect(events[1].data["clip"]?["rank"] == 1)
        #expect(events[2].data == ["status": "completed"])
        #expect(events.allSatisfy { $0.id != nil })
        #expect(hasEnded)
    }

    @Test("A19, A25, C14: what happens is told as it happens; progress has no id")
    func live() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        let channel = try channel(try await fixture.send("GET", task + "/events"))
        #expect(try read(channel).events.map(\.event) == ["status"])
        let id = try fixture.id(of: task)
        fixture.feed.report(
            TaskSnapshot(task: id, status: .running, stage: .rendering, progress: 71.5, message: "clip 2"),
            secondsLeft: 14)
        let (events, hasEnded) = try read(channel)
        #expect(
            events == [
                Event(
                    event: "progress", id: nil,
                    data: [
                        "task_id": .string("\(id)"), "status": "running", "stage": "rendering",
                        "progress": 71.5,
                        "message": "clip 2", "eta_seconds": 14,
                    ])
            ])
        #expect(!hasEnded)
        try await fixture.send("DELETE", task)
        let last = try read(channel)
        #expect(last.events.map(\.event) == ["close"])
        #expect(last.hasEnded)
    }

    @Test("C14: a client that comes again gets what it missed")
    func replay() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        _ = try await fixture.complete(task)
        let all = try read(channel(try await fixture.send("GET", task + "/events"))).events
        let clip = try #require(all.first { $0.event == "clip_ready" }?.id)
        let rest = try read(
            channel(try await fixture.send("GET", task + "/events", fields: ["Last-Event-ID": clip]))
        ).events
        #expect(rest.map(\.event) == ["status", "close"])
        let nonsense = try await fixture.send("GET", task + "/events", fields: ["Last-Event-ID": "x"])
        #expect(nonsense.faults == ["Last-Event-ID bad_format"])
    }

    /// Twenty clips of five minutes each in a script of three bytes a letter.
    private func longestTask(_ fixture: APIFixture) async throws -> String {
        let address = try await fixture.order(["options": ["count": 20]])
        let (id, now) = (try fixture.id(of: address), fixture.clock.now())
        let text = String(repeating: "\u{0915}\u{0916} ", count: 3000)
        try await fixture.work(on: address) { task, writer in
            var events = try task.begin(at: now)
            for rank in 1...20 {
                let clip: Identifier<Clip> = fixture.identifiers.make()
                try writer.clipWriter.put(
                    Clip(
                        id: clip, task: id, rank: rank,
                        highlight: Highlight(
                            span: TimeSpan(start: 0, end: 300), title: "Long", text: text,
                            score: HighlightScore(hook: 1, engagement: 1, value: 1, shareability: 1),
                            hookType: .question, reasoning: "It is long."),
                        outcome: .failed(
                            TaskFailure(code: "storage_full", message: "No room.", stage: .rendering))))
                events += try task.ready(clip)
            }
            return events
        }
        return address
    }

    @Test("C14: however much there is to tell, a first connection gets all of it, and what comes then")
    func longReplay() async throws {
        let fixture = try APIFixture()
        let task = try await longestTask(fixture)
        let channel = try channel(try await fixture.send("GET", task + "/events"))
        let events = try read(channel).events.map(\.event)
        #expect(events == ["status"] + [String](repeating: "clip_ready", count: 20))
        fixture.feed.report(
            TaskSnapshot(
                task: try fixture.id(of: task), status: .running, stage: .rendering, progress: 99, message: ""
            ),
            secondsLeft: nil)
        #expect(try read(channel).events.map(\.event) == ["progress"])
    }

    @Test("C14: however much there is to tell, a WebSocket tells all of it")
    func longReplayOverSocket() async throws {
        let fixture = try APIFixture()
        let task = try await longestTask(fixture)
        try await fixture.send("POST", task + "/cancel")
        let server = HTTPServer(
            .patient, refuse: fixture.api.service.refusal, handler: fixture.api.service.handle)
        let port = try server.start()
        try await offPool {
            let client = try RawClient(port: port)
            try client.send(
                (["GET \(task)/ws HTTP/1.1", "Host: localhost"] + WebSocketTests.handshake).joined(
                    separator: "\r\n")
                    + "\r\n\r\n")
            #expect(try client.head().status == 101)
            var names: [String] = []
            while case let (opcode, payload) = try WebSocketTests.read(client), opcode == 1 {
                names.append(try JSONReader().read(payload)["event"]?.text ?? "")
            }
            #expect(names == ["status"] + [String](repeating: "clip_ready", count: 20) + ["close"])
        }
        await server.stop(within: .seconds(5))
    }

    @Test(
        "an id of an event is its digits and nothing else", arguments: ["+5", "-0", " 5", "5 ", "٣", ""])
    func lastEventID(text: String) async throws {
        let fixture = try APIFixture()
        let answer = try await fixture.send(
            "GET", try await fixture.order() + "/events", fields: ["Last-Event-ID": text])
        #expect(answer.faults == ["Last-Event-ID bad_format"])
    }

    @Test("the stream of who is kept out ends without a close, and a socket with 1008")
    func keptOut() async throws {
        let world = try await Administration()
        let fixture = world.fixture
        let task = try await fixture.order(fields: world.ada)
        let channel = try channel(try await fixture.send("GET", task + "/events", fields: world.ada))
        var fields = world.ada
        fields.append("Host", "localhost:80")
        for field in WebSocketTests.handshake {
            let parts = field.split(separator: ": ", maxSplits: 1).map(String.init)
            fields.append(parts[0], parts[1])
        }
        guard
            case .webSocket(let upgrade) = try await fixture.send("GET", task + "/ws", fields: fields).body
        else { throw NotFound.task }
        try await world.call("POST", "/users/\(world.adaID)/suspend", ["reason": "spam"])
        let telling = Task { await fixture.feed.run() }
        var (events, hasEnded): ([Event], Bool) = ([], false)
        while !hasEnded {
            let portion = try read(channel)
            events += portion.events
            hasEnded = portion.hasEnded
            await Task.yield()
        }
        telling.cancel()
        #expect(events.map(\.event) == ["status"])
        let socket = RecordingSocket()
        await upgrade.converse(socket)
        #expect(socket.state.withLock { $0.sent.isEmpty && $0.code == .policyViolation })
    }

    @Test("a client that goes away is let go")
    func leaving() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        let channel = try channel(try await fixture.send("GET", task + "/events"))
        channel.close()
        let id = try fixture.id(of: task)
        for progress in [1.0, 2.0] {
            fixture.feed.report(
                TaskSnapshot(task: id, status: .running, stage: nil, progress: progress, message: ""),
                secondsLeft: nil)
        }
        #expect(try read(channel).hasEnded)
    }

    @Test("HEAD of a stream starts none")
    func head() async throws {
        let fixture = try APIFixture()
        let answer = try await fixture.send("HEAD", try await fixture.order() + "/events")
        guard case .empty = answer.body else {
            Issue.record("a body")
            return
        }
    }

    @Test("A63, C14: the same messages come over a WebSocket, which ends with the task")
    func socket() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        _ = try await fixture.complete(task)
        var fields: HTTPFields = ["Host": "localhost:80"]
        #expect(try await fixture.send("GET", task + "/ws", fields: fields).status == 426)
        for field in WebSocketTests.handshake {
            let parts = field.split(separator: ": ", maxSplits: 1).map(String.init)
            fields.append(parts[0], parts[1])
        }
        let answer = try await fixture.send("GET", task + "/ws", fields: fields)
        guard case .webSocket(let upgrade) = answer.body else {
            Issue.record("no socket")
            return
        }
        #expect(upgrade.allowsOrigin(nil) && upgrade.allowsOrigin("http://localhost:80"))
        #expect(!upgrade.allowsOrigin("http://evil.example"))
        let socket = RecordingSocket()
        await upgrade.converse(socket)
        let frames = try socket.state.withLock { $0.sent }.map { try JSONReader().read(Array($0.utf8)) }
        #expect(frames.map { $0["event"] } == ["status", "clip_ready", "close"])
        #expect(frames[2]["data"] == ["status": "completed"])
        #expect(frames[2]["id"]?.number != nil)
        #expect(socket.state.withLock { $0.code } == .normal)
    }
}

/// A WebSocket that keeps what it is told and hears nothing.
private final class RecordingSocket: WebSocket {
    let state = Mutex<(sent: [String], code: WebSocketCloseCode?)>(([], nil))

    func receive() async -> WebSocketMessage? { nil }

    func send(_ text: String, isReplay: Bool) -> Bool {
        state.withLock { state in
            state.sent.append(text)
            return state.code == nil
        }
    }

    func close(_ code: WebSocketCloseCode, reason: String) {
        state.withLock { $0.code = code }
    }
}

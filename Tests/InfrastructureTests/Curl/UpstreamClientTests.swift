import Application
import Domain
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Calling services that fail")
struct UpstreamClientTests {
    /// Longer than any first rest.
    private static let rest = Duration.seconds(66)

    private let clock = InMemoryClock()
    private let upstream: Upstream
    private let client: UpstreamClient

    init() {
        upstream = .forTests("service", clock: clock)
        client = UpstreamClient(upstream, over: HTTPClient())
    }

    private func ask(_ server: ScriptedServer, within deadline: Duration = .seconds(60)) async throws
        -> HTTPResponse
    {
        try await client.send(
            HTTPRequest(server.address, destination: .configured, deadlines: .init(total: deadline)))
    }

    /// A server that fails as told until it is mended.
    private final class Patient: Sendable {
        private final class Health: Sendable { let isGood = Atomic(false) }
        let server: ScriptedServer
        private let health: Health

        init(_ failing: ScriptedServer.Reply, _ good: ScriptedServer.Reply = .json("{}")) {
            let health = Health()
            self.health = health
            server = ScriptedServer { _ in health.isGood.load(ordering: .relaxed) ? good : failing }
        }

        func mend() { health.isGood.store(true, ordering: .relaxed) }
    }

    @Test(
        "A65: five failures, tries of pieces included, and the next task does not call; one probe and all do",
        arguments: [
            ScriptedServer.Reply.json("{}", status: 500), .json("{}", status: 503), .json("{}", status: 408),
            .json("{}", status: 429, headers: [("Retry-After", "1")]), .hangUp,
            .cutOff(body: Array("{".utf8), length: 500),
        ])
    func transcriber(failing: ScriptedServer.Reply) async throws {
        let patient = Patient(
            failing, .json(#"{"text":"so","words":[{"word":"so","start":0.5,"end":0.9}]}"#))
        let transcriber = OpenAITranscriber(
            .init(address: ProviderAddress(base: patient.server.address + "/v1"), model: "whisper-1"),
            client: client, clock: HurryingClock())
        try await withTemporaryFolder { folder in
            func transcribe() async throws -> Transcript? {
                try await transcriber.transcribe(.about(seconds: 2, in: folder), progress: { _, _ in })
            }
            // Each task tries three times; the second one is stopped after its second try.
            await #expect(throws: PortError.self) { try await transcribe() }
            await #expect(throws: UpstreamResting.self) { try await transcribe() }
            #expect(patient.server.requests.count == 5)
            for _ in 0..<3 { await #expect(throws: UpstreamResting.self) { try await transcribe() } }
            #expect(patient.server.requests.count == 5)

            clock.advance(by: Self.rest)
            patient.mend()
            for count in 6...8 {
                let transcript = try await transcribe()
                #expect(transcript?.texts == ["so"])
                #expect(patient.server.requests.count == count)
            }
        }
    }

    @Test(
        "A65: a finder's service that fails is asked five times by five tasks, and then by none",
        arguments: Vendor.allCases)
    func finder(_ vendor: Vendor) async throws {
        let patient = Patient(.json("{}", status: 502), vendor.reply(ModelFinderTests.good))
        let finder = vendor.finder(patient.server, client: client)
        func find() async throws -> Analysis {
            try await finder.find(
                .about(numberedTalk(sentences: 50), options: ClipOptions()), progress: { _, _ in })
        }
        for _ in 0..<5 { await #expect(throws: PortError.self) { try await find() } }
        for _ in 0..<5 { await #expect(throws: UpstreamResting.self) { try await find() } }
        #expect(patient.server.requests.count == 5)
        clock.advance(by: Self.rest)
        patient.mend()
        #expect(try await find().highlights.count == 2)
    }

    @Test("A65: a probe that fails sends everyone away again, for longer")
    func failedProbe() async throws {
        let server = ScriptedServer { _ in .json("{}", status: 503) }
        for _ in 0..<5 { #expect(try await ask(server).status == 503) }
        clock.advance(by: Self.rest)
        #expect(try await ask(server).status == 503)
        clock.advance(by: Self.rest)
        await #expect(throws: UpstreamResting.self) { try await ask(server) }
        #expect(server.requests.count == 6)
        clock.advance(by: Self.rest)
        #expect(try await ask(server).status == 503)
    }

    @Test("A65: a service that says when it can again is left alone until then")
    func retryAfter() async throws {
        let server = ScriptedServer { _ in .json("{}", status: 429, headers: [("Retry-After", "300")]) }
        for _ in 0..<5 { _ = try await ask(server) }
        clock.advance(by: .seconds(299))
        let resting = try await #require(throws: UpstreamResting.self) { try await ask(server) }
        #expect(resting.retryAfter == .seconds(1) && resting.reason == "status 429")
        clock.advance(by: .seconds(1))
        #expect(try await ask(server).status == 429)
    }

    @Test("A65: no answer in time is a failure")
    func timeouts() async throws {
        let server = ScriptedServer { _ in .silence }
        for _ in 0..<5 {
            await #expect(throws: PortError.self) { try await ask(server, within: .milliseconds(50)) }
        }
        await #expect(throws: UpstreamResting.self) { try await ask(server) }
        #expect(server.requests.count == 5)
    }

    @Test(
        "A65: what the request itself brought about is no failure",
        arguments: [400, 401, 403, 404, 409, 413, 422, 501])
    func refusals(status: Int) async throws {
        let server = ScriptedServer { _ in .json("{}", status: status) }
        for _ in 0..<8 { #expect(try await ask(server).status == status) }
        #expect(upstream.state == .closed(failures: 0))
    }

    @Test("A65: an answer that is too large is an answer")
    func tooLarge() async throws {
        let server = ScriptedServer { _ in .answer(body: [UInt8](repeating: 0, count: 100)) }
        for _ in 0..<8 {
            await #expect(throws: PortError.self) {
                try await client.send(
                    HTTPRequest(server.address, destination: .configured), bodyLimit: 10)
            }
        }
        #expect(upstream.state == .closed(failures: 0))
    }

    @Test("A65: who gives up says nothing about the service, and does not keep others from trying it")
    func cancellation() async throws {
        let (silent, failing) = (ScriptedServer { _ in .silence }, ScriptedServer { _ in .hangUp })
        func giveUp() async {
            let count = silent.requests.count
            let asking = Task { try await ask(silent) }
            while silent.requests.count == count { await Task.yield() }
            asking.cancel()
            await #expect(throws: PortError.cancelled) { try await asking.value }
        }
        for _ in 0..<6 { await giveUp() }
        #expect(upstream.state == .closed(failures: 0))
        for _ in 0..<5 { await #expect(throws: PortError.self) { try await ask(failing) } }
        clock.advance(by: Self.rest)
        await giveUp()
        #expect(upstream.state == .halfOpen(probes: 0))
        #expect(try await ask(ScriptedServer { _ in .answer() }).status == 200)
    }

    @Test("A65: an order that could not be sent leaves no mark, and is made when the service may be called")
    func unsentOrder() async throws {
        let checkpoints = InMemoryCallCheckpoints()
        let provider = AssemblyAITranscriberTests.Provider { _, _ in nil }
        func transcriber(_ client: any HTTPExchange) -> AssemblyAITranscriber {
            AssemblyAITranscriber(
                .init(
                    address: ProviderAddress(base: provider.server.address + "/v2"), pollInterval: .zero),
                client: client, checkpoints: checkpoints, clock: InMemoryClock())
        }
        try await withTemporaryFolder { folder in
            let request = TranscriptionRequest.about(seconds: 2, in: folder)
            await #expect(throws: UpstreamResting.self) {
                try await transcriber(RestingOn(path: "/v2/transcript"))
                    .transcribe(request, progress: { _, _ in })
            }
            let transcript = try await transcriber(client).transcribe(request, progress: { _, _ in })
            #expect(transcript?.texts == ["Hi", "there.", "Hello."])
            #expect(provider.count("POST", "/v2/transcript") == 1)
        }
    }
}

/// Sends everything but what goes to a path, as if other callers had met failures in between.
private struct RestingOn: HTTPExchange {
    let path: String
    private let client = HTTPClient()

    init(path: String) {
        self.path = path
    }

    func send(_ request: HTTPRequest, bodyLimit: Int) async throws -> HTTPResponse {
        if request.url.hasSuffix(path) {
            throw UpstreamResting(upstream: "assemblyai", reason: "status 503", retryAfter: .seconds(1))
        }
        return try await client.send(request, bodyLimit: bodyLimit)
    }
}

extension Upstream {
    /// One whose log nobody reads.
    static func forTests(_ name: String, clock: any WallClock) -> Upstream {
        Upstream(name, clock: clock, random: SeededRandomSource(seed: 1), log: DeafLog())
    }
}

private struct DeafLog: Log {
    let level = LogLevel.error

    func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {}
}

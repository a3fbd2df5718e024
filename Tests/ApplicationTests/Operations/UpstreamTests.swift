import Application
import Domain
import Testing

@Suite("Upstreams")
struct UpstreamTests {
    private let clock = InMemoryClock()
    private let log = RememberingLog()
    private let upstream: Upstream

    init() {
        upstream = Upstream("chat", clock: clock, random: SeededRandomSource(seed: 1), log: log)
    }

    private func fail(times: Int = 1) throws {
        for _ in 0..<times { try upstream.lease().failed("status 503") }
    }

    @Test("A65: after five failures it is left alone, and who asks is told why and until when")
    func rests() throws {
        try fail(times: 5)
        let resting = try #require(throws: UpstreamResting.self) { _ = try upstream.lease() }
        #expect(resting.upstream == "chat" && resting.reason == "status 503")
        #expect((Duration.seconds(54)...Duration.seconds(66)).contains(try #require(resting.retryAfter)))
        guard case .unavailable(let reason, resting.retryAfter) = resting.unavailable else {
            Issue.record("\(resting.unavailable)")
            return
        }
        #expect(reason.contains("chat") && reason.contains("status 503"))
    }

    @Test("A65: when its time is over one of many callers tries it; when that fails nobody else does")
    func oneProbe() async throws {
        try fail(times: 5)
        for _ in 0..<3 {
            clock.advance(by: .seconds(660))
            let calls = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<64 {
                    group.addTask { [upstream] in
                        guard let lease = try? upstream.lease() else { return 0 }
                        lease.failed("still not there")
                        return 1
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(calls == 1)
        }
    }

    @Test("A65: a lease that is let go of without a word makes room for the next caller")
    func letGo() throws {
        func giveUp() throws { _ = try upstream.lease() }
        for _ in 0..<20 { try giveUp() }
        #expect(upstream.state == .closed(failures: 0))
        try fail(times: 5)
        clock.advance(by: .seconds(66))
        try giveUp()
        #expect(upstream.state == .halfOpen(probes: 0))
        try upstream.lease().answered()
        #expect(upstream.state == .closed(failures: 0))
    }

    @Test("A65: the log tells when it is left alone and when it answers again, each once")
    func logs() throws {
        try fail(times: 5)
        clock.advance(by: .seconds(66))
        for _ in 0..<3 { try upstream.lease().answered() }
        #expect(log.events == ["upstream rests", "upstream answers again"])
    }

    @Test("A65: its health is told without what it said, and never keeps work from being taken")
    func health() async throws {
        #expect(await upstream.check().level == .healthy)
        try fail()
        #expect(await upstream.check().level == .healthy)
        try fail(times: 4)
        let left = await upstream.check()
        #expect(left.level == .degraded && !left.isEssential)
        #expect(left.name == "chat")
        #expect(!left.detail.contains("503"))
        clock.advance(by: .seconds(66))
        let probe = try upstream.lease()
        #expect(await upstream.check().level == .degraded)
        probe.answered()
        #expect(await upstream.check().level == .healthy)
    }

    @Test("A65: all who call an upstream share one breaker, and administrators are told how it stands")
    func shared() throws {
        let upstreams = Upstreams(clock: clock, random: SeededRandomSource(seed: 1), log: log)
        for _ in 0..<5 { try upstreams.named("chat").lease().failed("gone") }
        try upstreams.named("mail").lease().answered()
        let list = ListUpstreams(upstreams)
        #expect(try list(by: .local).map(\.name) == ["chat", "mail"])
        #expect(try list(by: .local).map(\.state.name) == [.open, .closed])
        #expect(throws: AccessError.self) {
            try list(by: Caller(user: User.local, role: .user, means: .local))
        }
        #expect(try ListUpstreams()(by: .local).isEmpty)
    }
}

@Suite("Tasks and upstreams that rest")
struct RestingUpstreamTests {
    private let workshop = Workshop()
    private let resting = UpstreamResting(
        upstream: "transcription", reason: "status 503", retryAfter: .seconds(300))

    @Test("A65: while a transcriber rests the next one is asked, in the same attempt")
    func next() async throws {
        let first = Script<Transcript?>(.failure(resting))
        let studio = workshop.studio
        let transcribe = TranscribeRecording(
            store: workshop.store,
            ports: RunVideoTask.Ports(
                media: studio, inspector: studio, fetcher: studio, audio: studio,
                transcribers: [ScriptedTranscriber(first), studio], pictures: studio, finders: [studio],
                renderer: studio, cache: studio), identifiers: workshop.identifiers, clock: workshop.clock,
            limitSeconds: 3600)
        let transcript = try await transcribe(
            .init(source: .address("https://a.example/v.mp4")), by: .local, progress: { _, _ in })
        #expect(transcript.engine == "studio")
        #expect(first.calls == 1)
    }

    @Test("A65: when nothing else is there the task waits until the service may be called again")
    func alone() async throws {
        workshop.studio.change { $0.transcribing = resting }
        let task = try await workshop.order()
        let now = workshop.clock.now()
        guard case .failed(_, .at(let next)) = try await workshop.attempt() else {
            Issue.record("it was not to be tried again")
            return
        }
        #expect(next - now == .seconds(300))
        #expect(try workshop.details(task).task.message.contains("transcription is left alone"))
    }

    @Test("A65: so it does when no finder can be called")
    func finders() async throws {
        workshop.studio.change { $0.analyzing = resting }
        _ = try await workshop.order()
        let now = workshop.clock.now()
        guard case .failed(_, .at(let next)) = try await workshop.attempt() else {
            Issue.record("it was not to be tried again")
            return
        }
        #expect(next - now == .seconds(300))
    }
}

import Application
import Domain
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Transcription by AssemblyAI") struct AssemblyAITranscriberTests {
    static let finished = """
        {"id":"t-1","status":"completed","language_code":"en_us","text":"Hi there. Hello.","words":[
        {"text":"Hi","start":100,"end":300,"confidence":0.98,"speaker":"A"},
        {"text":"there.","start":320,"end":700,"confidence":0.91,"speaker":"A"},
        {"text":"Hello.","start":1200,"end":1500,"confidence":0.5,"speaker":"B"}]}
        """

    /// The provider as it documents itself; the transcript is there at the third question.
    final class Provider: Sendable {
        let server: ScriptedServer
        private let polls: Polls

        private final class Polls: Sendable { let count = Mutex(0) }

        init(_ other: @escaping @Sendable (ScriptedServer.Request, _ poll: Int) -> ScriptedServer.Reply?) {
            let polls = Polls()
            self.polls = polls
            server = ScriptedServer { request in
                var poll = 0
                if request.method == "GET" {
                    poll = polls.count.withLock { count in
                        count += 1
                        return count
                    }
                }
                if let reply = other(request, poll) { return reply }
                return switch (request.method, request.target) {
                case ("POST", "/v2/upload"): .json(#"{"upload_url":"http://cdn/1"}"#)
                case ("POST", "/v2/transcript"): .json(#"{"id":"t-1","status":"queued"}"#)
                case ("GET", "/v2/transcript/t-1"):
                    .json(
                        poll < 3
                            ? #"{"id":"t-1","status":"processing"}"# : AssemblyAITranscriberTests.finished)
                default: .json(#"{"error":"not found"}"#, status: 404)
                }
            }
        }

        func count(_ method: String, _ target: String) -> Int {
            server.requests.count { $0.method == method && $0.target == target }
        }

        func transcriber(_ checkpoints: any CallCheckpoints) -> AssemblyAITranscriber {
            AssemblyAITranscriber(
                .init(
                    address: ProviderAddress(base: server.address + "/v2", key: "secret"), model: "best",
                    pollInterval: .zero),
                client: HTTPClient(), checkpoints: checkpoints, clock: InMemoryClock())
        }
    }

    @Test(
        "C22: sound is uploaded, ordered and asked for until it is there, with times, confidence and speakers"
    )
    func transcribes() async throws {
        let provider = Provider { _, _ in nil }
        let transcript = try await withTemporaryFolder { folder in
            try await provider.transcriber(InMemoryCallCheckpoints())
                .transcribe(.about(seconds: 2, in: folder), progress: { _, _ in })
        }
        #expect(transcript?.texts == ["Hi", "there.", "Hello."])
        #expect(transcript?.words.map(\.span.start) == [0.1, 0.32, 1.2])
        #expect(transcript?.words.map(\.speaker?.label) == ["A", "A", "B"])
        #expect(transcript?.words.map(\.confidence) == [0.98, 0.91, 0.5])
        let requests = provider.server.requests
        #expect(requests.allSatisfy { $0.header("authorization") == "secret" })
        #expect(requests.first?.body == waveform(seconds: 2))
        #expect(requests.dropFirst().first?.text.contains(#""audio_url":"http:\/\/cdn\/1""#) == true)
        #expect(requests.dropFirst().first?.text.contains(#""speaker_labels":true"#) == true)
    }

    @Test(
        "C22: killed between order and answer, a new process goes on with the same order: one order is made")
    func resumesByIdentifier() async throws {
        try await withTemporaryFolder { folder in
            let reached = TestGate()
            // Its first life never gets an answer to its first question.
            let provider = Provider { request, poll in
                guard poll == 1 else { return nil }
                reached.open()
                return .silence
            }
            let checkpoints = try FileCallCheckpoints(folder: folder + "/calls", clock: InMemoryClock())
            let request = TranscriptionRequest.about(seconds: 2, in: folder)
            let first = Task {
                try await provider.transcriber(checkpoints).transcribe(request, progress: { _, _ in })
            }
            await reached.wait()
            first.cancel()
            await #expect(throws: (any Error).self) { try await first.value }

            let reopened = try FileCallCheckpoints(folder: folder + "/calls", clock: InMemoryClock())
            let transcript = try await provider.transcriber(reopened).transcribe(
                request, progress: { _, _ in })
            #expect(transcript?.texts == ["Hi", "there.", "Hello."])
            #expect(provider.count("POST", "/v2/transcript") == 1)
            #expect(provider.count("POST", "/v2/upload") == 1)
        }
    }

    @Test("C22: an order whose answer was lost is not made again")
    func neverTwice() async throws {
        let provider = Provider { request, _ in
            request.target == "/v2/transcript" ? .cutOff(body: Array(#"{"id":"#.utf8), length: 100) : nil
        }
        try await withTemporaryFolder { folder in
            let checkpoints = InMemoryCallCheckpoints()
            let request = TranscriptionRequest.about(seconds: 2, in: folder)
            for _ in 0..<2 {
                await #expect(throws: PortError.self) {
                    try await provider.transcriber(checkpoints).transcribe(request, progress: { _, _ in })
                }
            }
            #expect(provider.count("POST", "/v2/transcript") == 1)
        }
    }

    @Test("C22: an order that was refused for now may be made again", arguments: [429, 500, 503])
    func refusedForNow(status: Int) async throws {
        let tries = Tries()
        let provider = Provider { request, _ in
            guard request.target == "/v2/transcript", tries.next() == 1 else { return nil }
            return .json(#"{"error":"later"}"#, status: status, headers: [("Retry-After", "3")])
        }
        try await withTemporaryFolder { folder in
            let checkpoints = InMemoryCallCheckpoints()
            let request = TranscriptionRequest.about(seconds: 2, in: folder)
            do {
                _ = try await provider.transcriber(checkpoints).transcribe(request, progress: { _, _ in })
                Issue.record("it answered")
            } catch PortError.unavailable(_, let retryAfter) {
                #expect(retryAfter == .seconds(3))
            }
            let second = try await provider.transcriber(checkpoints).transcribe(
                request, progress: { _, _ in })
            #expect(second?.words.count == 3)
        }
    }

    @Test("C22: an order that a gateway lost is not made again", arguments: [408, 502, 504])
    func lostAtAGateway(status: Int) async throws {
        let provider = Provider { request, _ in
            request.target == "/v2/transcript" ? .json("{}", status: status) : nil
        }
        try await withTemporaryFolder { folder in
            let checkpoints = InMemoryCallCheckpoints()
            let request = TranscriptionRequest.about(seconds: 2, in: folder)
            for _ in 1...2 {
                await #expect(throws: PortError.self) {
                    try await provider.transcriber(checkpoints).transcribe(request, progress: { _, _ in })
                }
            }
            #expect(provider.count("POST", "/v2/transcript") == 1)
        }
    }

    @Test(
        "C22: a few failed questions do not lose the order; many in a row are unavailable, and the order stays"
    )
    func failingQuestions() async throws {
        let provider = Provider { request, poll in
            (1...3).contains(poll)
                ? [.json("{}", status: 500), .json("nonsense"), .cutOff(body: [], length: 9)][poll - 1] : nil
        }
        let hopeless = Provider { request, poll in poll > 0 ? .json("{}", status: 502) : nil }
        try await withTemporaryFolder { folder in
            let request = TranscriptionRequest.about(seconds: 2, in: folder)
            let found = try await provider.transcriber(InMemoryCallCheckpoints())
                .transcribe(request, progress: { _, _ in })
            #expect(found?.words.count == 3)

            let checkpoints = InMemoryCallCheckpoints()
            for _ in 0..<2 {
                await #expect(throws: PortError.self) {
                    try await hopeless.transcriber(checkpoints).transcribe(request, progress: { _, _ in })
                }
            }
            #expect(hopeless.count("POST", "/v2/transcript") == 1)
        }
    }

    @Test("C22: a transcription that failed over there and a wrong key are final")
    func finalRefusals() async throws {
        let failed = Provider { _, poll in
            poll > 0 ? .json(#"{"id":"t-1","status":"error","error":"no speech"}"#) : nil
        }
        let locked = Provider { _, _ in .json(#"{"error":"bad key"}"#, status: 401) }
        try await withTemporaryFolder { folder in
            for (provider, detail) in [(failed, "no speech"), (locked, "bad key")] {
                do {
                    _ = try await provider.transcriber(InMemoryCallCheckpoints())
                        .transcribe(.about(seconds: 2, in: folder), progress: { _, _ in })
                    Issue.record("it answered")
                } catch let error as ProviderRefused {
                    #expect(error.detail == detail)
                }
            }
        }
    }
}

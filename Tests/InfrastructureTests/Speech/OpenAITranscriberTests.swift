import Application
import Domain
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Transcription by OpenAI-compatible servers") struct OpenAITranscriberTests {
    private func transcriber(_ server: ScriptedServer, longest: Double = 600) -> OpenAITranscriber {
        OpenAITranscriber(
            .init(
                address: ProviderAddress(base: server.address + "/v1/", key: "secret"), model: "whisper-1",
                longestPiece: longest, atOnce: 2),
            client: HTTPClient(), clock: HurryingClock())
    }

    @Test("C22: words with times come back, with the punctuation of the running text")
    func words() async throws {
        let server = ScriptedServer { _ in
            .json(
                """
                {"task":"transcribe","language":"english","duration":3.1,"text":"Hello, World! It's me.",
                "words":[{"word":"Hello","start":0.1,"end":0.5},{"word":"World","start":0.6,"end":1.0},
                {"word":"It's","start":1.4,"end":1.6},{"word":"me","start":1.6,"end":1.9}],
                "segments":[{"id":0,"start":0.0,"end":2.0,"text":" Hello, World! It's me."}]}
                """)
        }
        let transcript = try await withTemporaryFolder { folder in
            try await transcriber(server).transcribe(
                .about(seconds: 3, in: folder, language: "en-GB"), progress: { _, _ in })
        }
        #expect(transcript?.texts == ["Hello,", "World!", "It's", "me."])
        #expect(transcript?.words.map(\.span.start) == [0.1, 0.6, 1.4, 1.6])
        #expect(transcript?.language == "en-GB" && transcript?.engine == "openai")
        let request = try #require(server.requests.first)
        #expect(request.method == "POST" && request.target == "/v1/audio/transcriptions")
        #expect(request.header("authorization") == "Bearer secret")
        for part in [
            "verbose_json", "timestamp_granularities[]", "whisper-1", "name=\"file\"", "\r\n\r\nen\r\n",
        ] {
            #expect(request.text.contains(part))
        }
    }

    @Test("C22: a server that gives segments only still yields word times")
    func segmentsOnly() async throws {
        let server = ScriptedServer { _ in
            .json(#"{"text":"one two three","segments":[{"start":0.5,"end":2.5,"text":" one two three"}]}"#)
        }
        let transcript = try await withTemporaryFolder { folder in
            try await transcriber(server).transcribe(.about(seconds: 3, in: folder), progress: { _, _ in })
        }
        #expect(transcript?.texts == ["one", "two", "three"])
        #expect(transcript?.words.first?.span.start == 0.5)
    }

    @Test("C23: long sound is cut at silences, sent in pieces side by side, and stitched in order")
    func pieces() async throws {
        let silences = [TimeSpan(start: 9, end: 10), TimeSpan(start: 18, end: 20)]
        let server = ScriptedServer { request in
            // Each piece answers with its own length, which tells the pieces apart.
            let seconds = (Double(request.body.count) / 32_000 * 10).rounded(.down) / 10
            return .json(
                #"{"text":"piece \#(seconds)","words":[{"word":"piece","start":0.5,"end":0.9},{"word":"\#(seconds)","start":1,"end":1.5}]}"#
            )
        }
        let told = Mutex<[Double]>([])
        let transcript = try await withTemporaryFolder { folder in
            try await transcriber(server, longest: 10).transcribe(
                .about(seconds: 28, silences: silences, in: folder),
                progress: { fraction, _ in told.withLock { $0.append(fraction) } })
        }
        #expect(server.requests.count == 3)
        #expect(transcript?.texts == ["piece", "9.5", "piece", "9.5", "piece", "9.0"])
        #expect(transcript?.words.map(\.span.start) == [0.5, 1, 10, 10.5, 19.5, 20])
        #expect(told.withLock { $0 == $0.sorted() && $0.last == 1 })
    }

    @Test("C22: a piece that fails for now is sent again, the others are not")
    func busyForOnePiece() async throws {
        let busy = Tries()
        let server = ScriptedServer { _ in
            busy.next() <= 2
                ? .json("{}", status: 429, headers: [("Retry-After", "1")])
                : .json(#"{"text":"so","words":[{"word":"so","start":0.5,"end":0.9}]}"#)
        }
        let transcript = try await withTemporaryFolder { folder in
            let silences = [TimeSpan(start: 9, end: 10), TimeSpan(start: 18.5, end: 19.5)]
            return try await transcriber(server, longest: 10).transcribe(
                .about(seconds: 28, silences: silences, in: folder), progress: { _, _ in })
        }
        #expect(transcript?.texts == ["so", "so", "so"])
        #expect(server.requests.count == 5)
    }

    @Test(
        "C22: what the server cannot do now is unavailable, with the time it asks for",
        arguments: [
            ScriptedServer.Reply.json(
                #"{"error":{"message":"slow down"}}"#, status: 429, headers: [("Retry-After", "7")]),
            .json("{}", status: 500), .json("<html>", status: 200), .json(#"{"text":"words without times"}"#),
            .cutOff(body: Array(#"{"text":"#.utf8), length: 500), .hangUp,
        ])
    func unavailable(_ reply: ScriptedServer.Reply) async throws {
        let server = ScriptedServer { _ in reply }
        try await withTemporaryFolder { folder in
            do {
                _ = try await transcriber(server).transcribe(
                    .about(seconds: 2, in: folder), progress: { _, _ in })
                Issue.record("it answered")
            } catch PortError.unavailable(_, let retryAfter) {
                if case .answer(429, _, _) = reply { #expect(retryAfter == .seconds(7)) }
            }
        }
    }

    @Test(
        "C22: a refusal is final, has a code and does not show the key", arguments: [400, 401, 403, 404, 413])
    func refused(status: Int) async throws {
        let server = ScriptedServer { _ in .json(#"{"error":{"message":"no such model"}}"#, status: status) }
        try await withTemporaryFolder { folder in
            do {
                _ = try await transcriber(server).transcribe(
                    .about(seconds: 2, in: folder), progress: { _, _ in })
                Issue.record("it answered")
            } catch let error as ProviderRefused {
                #expect(error.code == "provider_refused" && error.status == status)
                #expect(error.explanation.contains("no such model") && !error.explanation.contains("secret"))
            }
        }
    }

    @Test("without sound there is nothing to say")
    func noSound() async throws {
        let server = ScriptedServer { _ in .hangUp }
        let request = TranscriptionRequest(
            sourcePath: "/none", facts: .video(seconds: 1), audio: nil, captions: nil, language: nil,
            folder: ScratchFolder(path: "/tmp"))
        #expect(try await transcriber(server).transcribe(request, progress: { _, _ in }) == nil)
        #expect(server.requests.isEmpty)
    }
}

import Application
import Domain
import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite("Transcription by local programs") struct LocalTranscriberTests {
    @Test("C23: pocketsphinx' words are read without its fillers, pauses and pronunciation marks")
    func readsPocketsphinx() {
        let words = PocketsphinxTranscriber.words(
            in: """
                i never said the last word
                <s> 0.090 0.190 0.999700
                i 0.200 0.360 0.975502
                never 0.370 0.650 1.000100
                <sil> 0.660 0.970 0.9
                last(2) 0.980 1.150 0.0
                i'm 1.2 1.3 0.5
                [NOISE] 1.160 1.200 0.09
                ++um++ 1.3 1.4 0.5
                </s> 6.730 6.760 1.000000
                broken line
                """)
        #expect(words.map(\.text) == ["I", "never", "last", "I'm"])
        #expect(words.map(\.confidence) == [0.975502, 1, 0, 0.5])
        #expect(words[1].span == TimeSpan(start: 0.37, end: 0.65))
    }

    @Test(
        "C23: pocketsphinx has nothing to say about other languages",
        arguments: ["de", "pt-BR", "EN-us", "en"])
    func englishOnly(language: String) async throws {
        try await withTemporaryFolder { folder in
            let program = try script("exit 0", in: folder)
            let transcript = try await PocketsphinxTranscriber(.init(program: program))
                .transcribe(.about(seconds: 1, in: folder, language: language), progress: { _, _ in })
            #expect((transcript != nil) == language.lowercased().hasPrefix("en"))
        }
    }

    @Test("C23: a program that is missing or fails is said with its name")
    func programFails() async throws {
        try await withTemporaryFolder { folder in
            await #expect(throws: MediaError.programMissing("no-such-program")) {
                try await PocketsphinxTranscriber(.init(program: "no-such-program"))
                    .transcribe(.about(seconds: 1, in: folder), progress: { _, _ in })
            }
            let program = try script("echo broken model >&2; exit 3", in: folder)
            await #expect(throws: MediaError.programFailed(program: program, reason: "broken model")) {
                try await PocketsphinxTranscriber(.init(program: program))
                    .transcribe(.about(seconds: 1, in: folder), progress: { _, _ in })
            }
        }
    }

    @Test("C23: whisper-cli's tokens become words, in pieces' own times")
    func whisper() async throws {
        let json = """
            {"result":{"language":"en"},"transcription":[{"timestamps":{"from":"00:00:00,000","to":"00:00:02,000"},
            "offsets":{"from":0,"to":2000},"text":" Hello world, friends.","tokens":[
            {"text":"[_BEG_]","offsets":{"from":0,"to":0},"id":1,"p":0.9},
            {"text":" Hello","offsets":{"from":100,"to":400},"id":2,"p":0.9},
            {"text":" wor","offsets":{"from":400,"to":600},"id":3,"p":0.8},
            {"text":"ld","offsets":{"from":600,"to":700},"id":4,"p":0.6},
            {"text":",","offsets":{"from":700,"to":710},"id":5,"p":0.99},
            {"text":" friends","offsets":{"from":900,"to":1500},"id":6,"p":0.7},
            {"text":".","offsets":{"from":1500,"to":1510},"id":7,"p":0.9}]}]}
            """
        try await withTemporaryFolder { folder in
            writeFile(Array(json.utf8), to: folder + "/answer.json")
            let program = try script(
                "while [ $# -gt 0 ]; do [ \"$1\" = --output-file ] && cp \(folder)/answer.json \"$2.json\"; shift; done",
                in: folder)
            let transcript = try await WhisperTranscriber(
                .init(program: program, model: "/models/ggml-base.bin")
            )
            .transcribe(.about(seconds: 3, in: folder), progress: { _, _ in })
            #expect(transcript?.texts == ["Hello", "world,", "friends."])
            #expect(transcript?.words.map(\.span.start) == [0.1, 0.4, 0.9])
            #expect(transcript?.words.map(\.confidence) == [0.9, 0.6, 0.7])
            #expect(transcript?.language == "en" && transcript?.engine == "whisper-cli")
        }
    }

    /// The path of a shell script.
    private func script(_ body: String, in folder: String) throws -> String {
        let path = folder + "/program.sh"
        writeFile(Array("#!/bin/sh\n\(body)\n".utf8), to: path)
        chmod(path, 0o755)
        return path
    }
}

@Suite("Transcription of synthetic speech", .enabled(if: Slow.enabled)) struct SpokenTranscriberTests {
    /// Says the sentences one after the other with pauses; gives each one's span.
    private func speak(_ sentences: [(voice: String, text: String)], in folder: String) async throws
        -> (path: String, spans: [TimeSpan], duration: Double)
    {
        var samples = [UInt8](repeating: 0, count: 32_000)
        var spans: [TimeSpan] = []
        for (index, sentence) in sentences.enumerated() {
            let path = "\(folder)/said-\(index).wav"
            let result = try await ChildProcesses.shared.run(
                ChildProgram("flite", ["-voice", sentence.voice, "-t", sentence.text, "-o", path]))
            try #require(result.succeeded, "\(result.reason)")
            let said = try #require(readFile(path)).dropFirst(44)
            spans.append(
                TimeSpan(
                    start: Double(samples.count) / 32_000, end: Double(samples.count + said.count) / 32_000))
            samples += said + [UInt8](repeating: 0, count: 32_000)
        }
        let duration = Double(samples.count) / 32_000
        let path = folder + "/speech.wav"
        writeFile(Array(waveform(seconds: 0).dropLast(4)) + number(samples.count) + samples, to: path)
        return (path, spans, duration)
    }

    private func number(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    @Test("C23: pocketsphinx hears flite's voices: at most a quarter of the words wrong, times within 0.3 s")
    func hearsFlite() async throws {
        let sentences = [
            (voice: "slt", text: "I never thought that a small garden could feed a family of five"),
            (voice: "rms", text: "In the spring of last year we planted forty tomatoes behind the house"),
            (voice: "slt", text: "The workers in the factory stopped the machine and called the manager"),
            (voice: "rms", text: "Nobody in the village knew why the lights went out that night"),
            (
                voice: "slt",
                text: "Three weeks later the water came back and the people returned to their homes"
            ),
        ]
        try await withTemporaryFolder { folder in
            let (path, spans, duration) = try await speak(sentences, in: folder)
            let silences = ([0] + spans.map(\.end)).enumerated().map { index, start in
                TimeSpan(start: start, end: index < spans.count ? spans[index].start : duration)
            }
            let request = TranscriptionRequest(
                sourcePath: path, facts: .video(seconds: duration),
                audio: SpeechAudio(path: path, duration: duration, silences: silences, loudness: []),
                captions: nil,
                language: "en", folder: ScratchFolder(path: folder))
            // Short pieces, so that cutting and stitching take part.
            let transcriber = PocketsphinxTranscriber(.init(atOnce: 2, longestPiece: 12))
            let transcript = try #require(try await transcriber.transcribe(request, progress: { _, _ in }))
            let expected = sentences.flatMap { $0.text.lowercased().split(separator: " ").map(String.init) }
            let heard = transcript.texts.map { $0.lowercased() }
            let wrong = distance(expected, heard)
            #expect(Double(wrong) / Double(expected.count) <= 0.25, "heard: \(heard.joined(separator: " "))")
            // flite's first and last word of a sentence stand at its borders but for a breath of silence.
            for (sentence, span) in zip(sentences, spans) {
                let words = transcript.words(in: span)
                let texts = sentence.text.lowercased().split(separator: " ").map(String.init)
                if words.first?.text.lowercased() == texts.first {
                    #expect(abs((words.first?.span.start ?? 0) - span.start - 0.15) < 0.3)
                }
                if words.last?.text.lowercased() == texts.last {
                    #expect(abs((words.last?.span.end ?? 0) - span.end + 0.15) < 0.3)
                }
            }
            #expect(transcript.words.allSatisfy { ($0.confidence ?? -1) >= 0 && ($0.confidence ?? 2) <= 1 })
            #expect((5...7).contains(transcript.sentences.count))
        }
    }

    /// How many words must be changed, added or left out.
    private func distance(_ first: [String], _ second: [String]) -> Int {
        var row = Array(0...second.count)
        for (index, word) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, other) in second.enumerated() {
                let cost = min(diagonal + (word == other ? 0 : 1), row[place] + 1, row[place + 1] + 1)
                diagonal = row[place + 1]
                row[place + 1] = cost
            }
        }
        return row[second.count]
    }
}

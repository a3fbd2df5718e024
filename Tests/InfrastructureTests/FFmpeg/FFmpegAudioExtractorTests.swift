import Application
import Domain
import FoundationEssentials
import Infrastructure
import Testing

@Suite("Taking out the sound") struct FFmpegAudioExtractorTests {
    /// The sound of a video whose sound is made by `filter`, with the options `delay` before it.
    private func sound(_ filter: String, delay: [String] = [], body: (SpeechAudio) throws -> Void)
        async throws
    {
        let path = try await Footage.make(
            ["-f", "lavfi", "-i", "testsrc2=s=128x72:d=4:r=25"] + delay + [
                "-f", "lavfi", "-i", filter, "-t", "4",
            ]
                + Footage.quick + ["-c:a", "aac"])
        try await withTemporaryFolder { folder in
            let facts = try await FFprobeInspector().inspect(path: path)
            let audio = try await FFmpegAudioExtractor().extract(
                path: path, facts: facts, into: ScratchFolder(path: folder)
            ) { _, _ in }
            try body(audio)
        }
    }

    /// A tone in the first and the last second of four.
    private let twoTones = "sine=d=4:f=440,volume='if(between(t,1,3),0,1)':eval=frame"

    @Test("it is a WAV file of 16 kHz, mono, 16 bits, as long as the source")
    func wave() async throws {
        try await sound("sine=d=4") { audio in
            let bytes = try #require(readFile(audio.path))
            #expect(Array(bytes[0..<4]) == Array("RIFF".utf8))
            #expect(Array(bytes[20..<36]) == [1, 0, 1, 0, 0x80, 0x3E, 0, 0, 0, 0x7D, 0, 0, 2, 0, 16, 0])
            #expect(abs(audio.duration - 4) < 0.1)
            #expect(abs(Double(bytes.count) / 32_000 - audio.duration) < 0.05)
        }
    }

    @Test("silences are found where they are")
    func silences() async throws {
        try await sound(twoTones) { audio in
            let pause = try #require(audio.silences.first { $0.duration > 1 })
            #expect(abs(pause.start - 1) < 0.1)
            #expect(abs(pause.end - 3) < 0.1)
        }
    }

    @Test("a room that hums has pauses too")
    func humming() async throws {
        try await sound("aevalsrc='0.03*sin(2*PI*100*t)+0.5*sin(2*PI*700*t)*(lt(t,1)+gt(t,3))':d=4") {
            audio in
            let pause = try #require(audio.silences.first { $0.duration > 1 })
            #expect(abs(pause.start - 1) < 0.1)
            #expect(abs(pause.end - 3) < 0.1)
        }
    }

    @Test("loudness follows the sound, one value a tenth of a second")
    func loudness() async throws {
        try await sound(twoTones) { audio in
            #expect((38...41).contains(audio.loudness.count))
            // ffmpeg's sine has an amplitude of 1/8: −21 dB.
            #expect(abs(audio.loudness[5] + 21) < 1)
            #expect(audio.loudness[20] < -60)
            #expect(abs(audio.loudness[35] + 21) < 1)
        }
    }

    @Test("sound that begins late is where it belongs in the source's time")
    func lateSound() async throws {
        try await sound("sine=d=2", delay: ["-itsoffset", "1.5"]) { audio in
            let first = try #require(audio.loudness.firstIndex { $0 > -40 })
            #expect(abs(Double(first) * SpeechAudio.loudnessInterval - 1.5) < 0.15)
        }
    }

    @Test("complete silence is one silence")
    func nothingHeard() async throws {
        try await sound("anullsrc") { audio in
            #expect(audio.silences.count == 1)
            #expect(abs((audio.silences.first?.duration ?? 0) - audio.duration) < 0.05)
        }
    }
}

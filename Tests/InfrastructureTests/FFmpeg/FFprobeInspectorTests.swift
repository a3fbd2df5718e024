import Domain
import FoundationEssentials
import Infrastructure
import Testing

@Suite("Looking into media files") struct FFprobeInspectorTests {
    private let inspector = FFprobeInspector()

    @Test("length, size, rate and codecs of a plain video are found")
    func plainVideo() async throws {
        let facts = try await inspector.inspect(path: try await Footage.plain())
        #expect(abs(facts.duration - 4) < 0.05)
        #expect(facts.size == PictureSize(width: 640, height: 360))
        #expect(facts.frameRate == 25)
        #expect(facts.videoCodec == "h264")
        #expect(facts.audioCodec == "aac")
        #expect(facts.captions.isEmpty)
    }

    @Test("the size is that of the picture as shown: turned and with square pixels")
    func shownSize() async throws {
        let plain = try await Footage.plain()
        let turned = try await Footage.make(["-i", plain, "-c", "copy", "-metadata:s:v", "rotate=90"])
        #expect(try await inspector.inspect(path: turned).size == PictureSize(width: 360, height: 640))
        let wide = try await Footage.make(
            ["-f", "lavfi", "-i", "testsrc2=s=720x576:d=1", "-vf", "setsar=64/45"] + Footage.quick)
        #expect(try await inspector.inspect(path: wide).size == PictureSize(width: 1024, height: 576))
    }

    @Test("text captions are listed with their language")
    func captions() async throws {
        let plain = try await Footage.plain()
        try await withTemporaryFile(Array("1\n00:00:00,000 --> 00:00:02,000\nHello\n".utf8)) { srt in
            let path = try await Footage.make(
                [
                    "-i", plain, "-f", "srt", "-i", srt, "-map", "0", "-map", "1", "-c", "copy", "-c:s",
                    "mov_text",
                    "-metadata:s:s:0", "language=deu",
                ])
            let facts = try await inspector.inspect(path: path)
            #expect(facts.captions == [.init(index: 2, language: "deu", codec: "mov_text")])
        }
    }

    @Test("a cover picture is not a video")
    func coverIsNoVideo() async throws {
        let path = try await Footage.make(
            [
                "-f", "lavfi", "-i", "sine=d=2", "-f", "lavfi", "-i", "testsrc2=s=320x320:d=0.04:r=25",
                "-map", "0", "-map",
                "1", "-c:a", "aac", "-c:v", "png", "-frames:v", "1", "-disposition:v:0", "attached_pic",
            ], suffix: "m4a")
        await #expect(throws: MediaError.notMedia("it has no video stream")) {
            try await inspector.inspect(path: path)
        }
    }

    @Test("a file that does not state its length is measured")
    func unstatedLength() async throws {
        // As a browser's recorder writes it: streamed, so that nothing could be filled in at the end.
        let bytes = try await Footage.read(
            try await Footage.plain(), ["-c", "copy", "-f", "matroska", "-live", "1"])
        try await withTemporaryFile(bytes) { path in
            let facts = try await inspector.inspect(path: path)
            #expect(abs(facts.duration - 4) < 0.1)
        }
    }

    @Test("of a truncated file, the length is that of what is there")
    func truncatedLength() async throws {
        let whole = try await Footage.make([
            "-i", try await Footage.plain(seconds: 20), "-c", "copy", "-movflags", "+faststart",
        ])
        let bytes = try #require(readFile(whole))
        try await withTemporaryFile(Array(bytes.prefix(bytes.count / 2))) { path in
            let facts = try await inspector.inspect(path: path)
            #expect(facts.duration > 7 && facts.duration < 13 && facts.isCutOff)
        }
        try await withTemporaryFile(Array(bytes.prefix(bytes.count / 40))) { path in
            let facts = try await inspector.inspect(path: path)
            #expect(facts.duration < MediaLimits.leastDuration && facts.isCutOff && facts.hasVideo)
        }
        #expect(try await !inspector.inspect(path: whole).isCutOff)
        let headless = try #require(readFile(try await Footage.plain(seconds: 20)))
        try await withTemporaryFile(Array(headless.prefix(headless.count / 2))) { path in
            await #expect(throws: MediaError.truncated) { try await inspector.inspect(path: path) }
        }
    }

    @Test(
        "nothing that leads elsewhere is opened",
        arguments: [
            "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
            "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n",
            "ffconcat version 1.0\nfile '/etc/passwd'\n",
            "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><Period/></MPD>",
            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
            "[Script Info]\nScriptType: v4.00+\n", "Only text, in a file that calls itself a video.\n", "",
        ])
    func playlistsAreRefused(content: String) async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/innocent.mp4"
            writeFile(Array(content.utf8), to: path)
            await #expect { try await inspector.inspect(path: path) } throws: { error in
                if case MediaError.notMedia = error { true } else { false }
            }
        }
    }

    @Test(
        "pictures and sound alone are no videos",
        arguments: [
            ["png", "-f", "lavfi", "-i", "testsrc2=s=320x240:d=1", "-frames:v", "1"],
            ["jpg", "-f", "lavfi", "-i", "testsrc2=s=320x240:d=1", "-frames:v", "1"],
            ["wav", "-f", "lavfi", "-i", "sine=d=1"], ["m4a", "-f", "lavfi", "-i", "sine=d=1"],
            ["gif", "-f", "lavfi", "-i", "testsrc2=s=64x64:d=0.1", "-frames:v", "1"],
        ])
    func othersAreRefused(recipe: [String]) async throws {
        let path = try await Footage.make(Array(recipe.dropFirst()), suffix: recipe[0])
        await #expect { try await inspector.inspect(path: path) } throws: { error in
            if case MediaError.notMedia = error { true } else { false }
        }
    }

    @Test("too many streams are refused")
    func tooManyStreams() async throws {
        let tones = (0..<MediaLimits.mostStreams).flatMap { _ in ["-f", "lavfi", "-i", "sine=d=1"] }
        let maps = (0...MediaLimits.mostStreams).flatMap { ["-map", "\($0)"] }
        let path = try await Footage.make(
            ["-f", "lavfi", "-i", "testsrc2=s=64x64:d=1"] + tones + maps + Footage.quick + ["-c:a", "aac"])
        await #expect { try await inspector.inspect(path: path) } throws: { error in
            if case MediaError.tooComplex = error { true } else { false }
        }
    }

    @Test("a path is never an option or an address")
    func pathsAreLiteral() async throws {
        let bytes = try #require(readFile(try await Footage.plain()))
        try await withTemporaryFolder { folder in
            for name in ["-i.mp4", "http:x.mp4", "a'b:c,d;[e].mp4", "%d.mp4"] {
                let path = "\(folder)/\(name)"
                writeFile(bytes, to: path)
                let facts = try await inspector.inspect(path: path)
                #expect(facts.hasVideo)
            }
        }
    }
}

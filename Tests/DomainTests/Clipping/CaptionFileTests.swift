import Domain
import Testing

@Suite("Caption files") struct CaptionFileTests {
    private func read(_ text: String, _ format: CaptionFileFormat = .srt) throws -> [CaptionCue] {
        try CaptionFileReader(format: format).cues(of: Array(text.utf8))
    }

    @Test(
        "C24: SubRip is read with a byte order mark, any line ends, markup, entities and missing hours or numbers"
    )
    func subRip() throws {
        let text =
            "\u{FEFF}1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Hello</i> {\\an8}&amp; <b>good\r\nmorning</b>\r\n\r\n"
            + "01:03.25 --> 01:04.5 X1:10\rfish &lt; chips &#x1F600; a < b\r\r"
            + "3\n1:00:00.000-->1:00:01.000\n- No.\n- Yes.\n4\n01:00:02,0 --> 01:00:03,0\n♪ la la ♪\n[door slams]\n"
        let cues = try read(text)
        #expect(
            cues.map(\.text) == ["Hello & good\nmorning", "fish < chips 😀 a < b", "No.\nYes.", "la la"])
        #expect(cues.map(\.span.start) == [1, 63.25, 3600, 3602])
        #expect(cues.map(\.span.end) == [2.5, 64.5, 3601, 3603])
    }

    @Test("C24: WebVTT is read with its notes, styles, settings, voices and names")
    func webVTT() throws {
        let text = """
            WEBVTT - a title

            STYLE
            ::cue(b) { color: --> lime }

            NOTE
            00:00:09.000 is not a cue

            intro
            00:01.000 --> 00:02.000 align:start position:0%
            <v.loud Mary Ann>Hi <c.red>there</c>

            00:03.000 --> 00:04.000
            <v Bob>Bye&nbsp;now
            """
        let cues = try read(text, .vtt)
        #expect(cues.map(\.text) == ["Hi there", "Bye now"])
        #expect(cues.map(\.speaker?.label) == ["Mary Ann", "Bob"])
    }

    @Test("a line that is said again and again is captioned each time")
    func repeated() throws {
        let text = (0..<4).map { "\($0 + 1)\n00:00:0\($0),000 --> 00:00:0\($0 + 1),000\nLet it be.\n" }
        let cues = try read(text.joined(separator: "\n"), .srt)
        #expect(cues.map(\.text) == Array(repeating: "Let it be.", count: 4))
    }

    @Test("C24: rolling automatic captions are unrolled, and their word times kept")
    func rolling() throws {
        let text = """
            WEBVTT
            Kind: captions
            Language: en

            00:00:00.160 --> 00:00:02.389 align:start position:0%
             
            hello<00:00:00.400><c> my</c><00:00:01.200><c> friends</c>

            00:00:02.389 --> 00:00:02.399 align:start position:0%
            hello my friends
             

            00:00:02.399 --> 00:00:04.000 align:start position:0%
            hello my friends
            this<00:00:02.600><c> is</c><00:00:03.000><c> it</c>

            00:00:04.000 --> 00:00:04.010 align:start position:0%
            this is it
             

            """
        let cues = try read(text, .vtt)
        #expect(cues.map(\.text) == ["hello my friends", "this is it"])
        let words = CaptionSpread(silences: []).words(of: cues)
        #expect(words.map(\.text) == ["hello", "my", "friends", "this", "is", "it"])
        #expect(words.map(\.span.start) == [0.16, 0.4, 1.2, 2.399, 2.6, 3.0])
        #expect(words.last?.span.end == 4.0)
    }

    @Test(
        "C24: Advanced SubStation Alpha is read in the order of its own fields, without overrides and drawings"
    )
    func subStation() throws {
        let text = """
            [Script Info]
            Title: x
            [V4+ Styles]
            Format: Name, Fontname
            Style: Default,Arial
            [Events]
            Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
            Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,not shown
            Dialogue: 0,0:00:05.00,0:00:06.50,Default,Mary,0,0,0,,{\\pos(1,2)\\b1}Well, yes\\Nof course
            Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,first{\\p1}m 0 0 l 1 1{\\p0}\\h!
            """
        let cues = try read(text, .ass)
        #expect(cues.map(\.text) == ["first !", "Well, yes\nof course"])
        #expect(cues.map(\.span.start) == [1, 5])
        #expect(cues.map(\.speaker?.label) == [nil, "Mary"])
    }

    @Test("C24: UTF-16 and Windows-1252 are read")
    func encodings() throws {
        let text = "1\n00:00:01,000 --> 00:00:02,000\nÜber “uns”\n"
        let reader = CaptionFileReader(format: .srt)
        let wide: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big: [UInt8] = [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let narrow =
            Array("1\n00:00:01,000 --> 00:00:02,000\n".utf8) + [0xDC] + Array("ber ".utf8) + [0x93]
            + Array("uns".utf8) + [0x94]
        for bytes in [wide, big, narrow] { #expect(try reader.cues(of: bytes).map(\.text) == ["Über “uns”"]) }
    }

    @Test(
        "C24: what cannot be read is refused with its line",
        arguments: [
            ("", CaptionFileFormat.srt, "line 1"), ("nothing\nhere\n", .vtt, "line 3"),
            ("1\n00:00:01,000 --> 00:00:0x,000\nHi", .srt, "line 2"),
            ("WEBVTT\n\n00:99 --> what:ever\nHi", .vtt, "line 3"),
            ("[Events]\nDialogue: 0,zero,0:00:01.00,D,,0,0,0,,Hi", .ass, "line 2"),
        ])
    func refusals(text: String, format: CaptionFileFormat, line: String) {
        do throws(MediaError) {
            _ = try CaptionFileReader(format: format).cues(of: Array(text.utf8))
            Issue.record("it was read")
        } catch {
            #expect(error.code == "captions_unreadable")
            #expect(error.explanation.contains(line))
        }
    }

    @Test("C24: a file beyond the bounds is refused")
    func bounds() {
        let reader = CaptionFileReader(format: .srt)
        let large = [UInt8](repeating: 0x20, count: CaptionFileLimits.mostBytes + 1)
        #expect(throws: MediaError.self) { try reader.cues(of: large) }
        let many = String(repeating: "00:01 --> 00:02\nx\n\n", count: CaptionFileLimits.mostCues + 1)
        #expect(throws: MediaError.self) { try reader.cues(of: Array(many.utf8)) }
        let empty = [UInt8](repeating: 0x0A, count: CaptionFileLimits.mostLines + 1)
        let error = #expect(throws: MediaError.self) { try reader.cues(of: empty) }
        #expect(error?.explanation.contains("\(CaptionFileLimits.mostLines) lines") == true)
    }

    @Test(
        "C24: what stands in brackets is left out, over several lines too; a bracket that stays open is text",
        arguments: [
            ("So [we went there", ["So [we went there"]),
            ("<00:01.000>hello <00:02.000>[world", ["hello [world"]),
            ("[tense\nmusic] Run! [", ["Run! ["]), ("one] [two", ["one [two"]),
            ("Well [laughs], yes", ["Well , yes"]), ("[door slams]\nWho?", ["Who?"]),
        ])
    func brackets(text: String, expected: [String]) throws {
        #expect(try read("00:01 --> 00:03\n\(text)\n", .vtt).map(\.text) == expected)
    }

    @Test("C24: a mark that opens no tag is text, and so is one within which the next begins")
    func openTags() throws {
        let text = "a <b <i>c</i> {x} {\\i1}d{\\i0} <"
        #expect(try read("00:01 --> 00:02\n\(text)\n").map(\.text) == ["a <b c {x} d <"])
    }

    @Test("C24: of an entry and of a name, what is beyond the bounds is left out")
    func entryBounds() throws {
        let lines = (0..<40_000).map { "line \($0)" }.joined(separator: "\n")
        let rolling =
            "00:01 --> 00:02\nfirst\n\n00:03 --> 00:04\nfirst\n\(lines)\n\n00:05 --> 00:06\n\(lines)\n"
        for cue in try read(rolling) { #expect(cue.text.utf8.count <= CaptionFileLimits.mostTextBytes) }
        let marks = (0..<40).map {
            "00:\(10 + $0) --> 00:\(11 + $0)\n\(String(repeating: "<a{", count: 3000))\n\n"
        }
        for cue in try read(marks.joined()) {
            #expect(cue.text.utf8.count <= CaptionFileLimits.mostTextBytes && !cue.text.isEmpty)
        }
        let name = String(repeating: "日本", count: 500)
        let cues = try read("00:01 --> 00:02\n<v \(name)>Hi\n", .vtt)
        #expect(cues.map(\.speaker?.label) == [String(repeating: "日本", count: 20)])
        let events = "[Events]\nFormat: " + String(repeating: "x,", count: 100_000) + "Start, End, Text\n"
        let padding = String(repeating: ",", count: 100_000)
        let read = try read(events + "Dialogue: \(padding)0:00:01.00,0:00:02.00,Hi, you\n", .ass)
        #expect(read.map(\.text) == ["Hi, you"])
    }

    @Test("C24: entries that stand at one time share it, and are bounded like one")
    func oneTime() throws {
        let text = (0..<20_000).map { "00:01 --> 00:02\nline number \($0)\n\n" }.joined()
        let words = CaptionSpread(silences: []).words(of: try read(text))
        #expect(words.count > 100)
        #expect(words.reduce(0) { $0 + $1.text.utf8.count + 1 } <= CaptionFileLimits.mostTextBytes + 1)
        #expect(words.allSatisfy { $0.span.start >= 1 && $0.span.end <= 2.001 })
    }

    @Test(
        "times that no recording has are written, whatever they are",
        arguments: [1e300, .infinity, .nan, -1e300])
    func impossibleTimes(time: Double) {
        let word = Word(text: "Hi.", span: TimeSpan(start: time, end: time))
        let transcript = Transcript(words: [word], language: nil, engine: "test")
        for output in CaptionOutput.allCases { #expect(transcript.file(as: output).contains("Hi.")) }
    }

    @Test(
        "what is said is joined as it is written",
        arguments: [
            (["今日は", "いい", "天気", "です。", "はい。"], "今日はいい天気です。はい。"), (["So", "it", "is."], "So it is."),
            (["我们", "用", "Swift", "写", "代码"], "我们用 Swift 写代码"),
        ])
    func joined(words: [String], expected: String) {
        let said = words.enumerated().map { index, text in
            Word(text: text, span: TimeSpan(start: Double(index), end: Double(index) + 0.5))
        }
        let transcript = Transcript(words: said, language: nil, engine: "test")
        #expect(transcript.text(in: TimeSpan(start: 0, end: 100)) == expected)
    }

    @Test("any bytes are read or refused, never worse", arguments: 0..<300 as Range<UInt64>)
    func survivesNoise(seed: UInt64) {
        var state = seed &+ 1
        func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        let pieces = [
            "00:00:01,000", " --> ", "\n", "\r\n", "<c>", "<00:00:01.5>", "{\\p1}", "&#x;", "&amp",
            "Dialogue:", ",",
            "text", "[", "]", "Format: Text, Start", "NOTE", "WEBVTT", "\u{FEFF}", "1", "<v ", ">", "日本", "-",
        ]
        let text = (0..<60).map { _ in pieces[Int(next() % UInt64(pieces.count))] }.joined()
        var bytes = Array(text.utf8)
        if seed % 3 == 0 { bytes[Int(next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: next()) }
        for format in CaptionFileFormat.allCases {
            let cues = (try? CaptionFileReader(format: format).cues(of: bytes)) ?? []
            let words = CaptionSpread(silences: [TimeSpan(start: 1, end: 2)]).words(of: cues)
            #expect(words.allSatisfy { !$0.text.isEmpty && $0.span.start.isFinite && $0.span.end.isFinite })
        }
    }

    @Test("C24: what is written is read back: the same words, within the same times")
    func roundTrip() throws {
        let talk = Talk.all[0]
        for output in [CaptionOutput.srt, .vtt] {
            let format = try #require(CaptionFileFormat(rawValue: output.rawValue))
            let cues = try read(talk.transcript.file(as: output), format)
            #expect(cues.flatMap { $0.text.writtenWords } == talk.transcript.words.map(\.text))
            #expect(cues.allSatisfy { $0.text.split(separator: "\n").count <= 2 })
            #expect(cues.allSatisfy { $0.text.split(separator: "\n").allSatisfy { $0.count <= 44 } })
            #expect(zip(cues, cues.dropFirst()).allSatisfy { $0.span.end <= $1.span.start + 0.001 })
            let written = talk.transcript.words
            let spread = CaptionSpread(silences: []).words(of: cues)
            #expect(zip(spread, written).allSatisfy { abs($0.span.start - $1.span.start) < 1.5 })
        }
    }

    @Test("a clip's captions begin with the clip and hold its words only")
    func clipCaptions() throws {
        let talk = Talk.all[0]
        let story = talk.stories[1]
        let cues = try read(talk.transcript.file(as: .srt, of: story))
        #expect(cues.first?.span.start == 0)
        #expect(cues.allSatisfy { $0.span.end <= story.duration + 0.001 })
        #expect(
            cues.flatMap { $0.text.writtenWords }.joined(separator: " ") == talk.transcript.text(in: story))
    }

    @Test("plain text keeps paragraphs apart and names the speakers")
    func plainText() {
        let words = [("Hi", 0.0, "A"), ("there.", 0.5, "A"), ("Hello.", 1.5, "B")].map {
            Word(text: $0.0, span: TimeSpan(start: $0.1, end: $0.1 + 0.4), speaker: Speaker(label: $0.2))
        }
        let transcript = Transcript(words: words, language: nil, engine: "test")
        #expect(transcript.file(as: .txt) == "A: Hi there.\n\nB: Hello.\n")
        #expect(Transcript(words: [], language: nil, engine: "test").file(as: .txt).isEmpty)
        #expect(transcript.file(as: .vtt).contains("<v A>Hi there."))
    }
}

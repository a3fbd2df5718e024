import Domain
import Testing

@Suite("Ranking") struct RankingTests {
    /// The least share of the planted stories that is shown; these numbers may only rise.
    static let leastRecall = ["garden": 0.97, "lighthouse": 0.84, "factory": 0.87]

    @Test(
        "C25: the planted stories are found, with and without punctuation, better than from the start or at random",
        arguments: Talk.all + Talk.unpunctuated)
    func findsStories(_ talk: Talk) throws {
        let spans = talk.highlights(try ClipOptions(count: talk.stories.count)).map(\.span)
        let recall = talk.recall(of: spans)
        #expect(recall >= Self.leastRecall[talk.name] ?? 1)
        #expect(recall >= 0.6)
        let length = spans.reduce(0) { $0 + $1.duration } / Double(spans.count)
        let lead = spans.indices.map { TimeSpan(start: Double($0) * length, end: Double($0 + 1) * length) }
        #expect(recall > talk.recall(of: lead))
        #expect(recall > randomRecall(talk, length: length, count: spans.count))
    }

    /// The mean over many draws of as many spans of the same length.
    private func randomRecall(_ talk: Talk, length: Double, count: Int) -> Double {
        var state: UInt64 = 42
        var sum = 0.0
        for _ in 0..<200 {
            let spans = (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let start = Double(state >> 11) / Double(1 << 53) * (talk.signals.duration - length)
                return TimeSpan(start: start, end: start + length)
            }
            sum += min(1, talk.recall(of: spans))
        }
        return sum / 200
    }

    @Test(
        "C36: clips start and end at sentence borders, keep the wanted lengths and count, and do not overlap",
        arguments: [(1, 15.0, 60.0), (3, 15, 60), (20, 5, 10), (5, 60, 120), (20, 30, 300), (3, 180, 300)])
    func keepsTheWishes(count: Int, least: Double, most: Double) throws {
        for talk in Talk.all + Talk.unpunctuated {
            let options = try ClipOptions(count: count, minDuration: least, maxDuration: most)
            let highlights = talk.highlights(options)
            #expect((1...count).contains(highlights.count))
            let sentences = talk.transcript.sentences
            for highlight in highlights {
                let span = highlight.span
                #expect(span.duration >= least - 1e-6 && span.duration <= most + 1e-6)
                #expect(span.start >= 0 && span.end <= talk.signals.duration)
                // A border lies in the pause between two sentences, never inside one.
                #expect(
                    !sentences.contains {
                        $0.span.start < span.start - 1e-6 && $0.span.end > span.start + 1e-6
                    })
                #expect(
                    !sentences.contains { $0.span.start < span.end - 1e-6 && $0.span.end > span.end + 1e-6 })
            }
            for (index, one) in highlights.enumerated() {
                for other in highlights[(index + 1)...] { #expect(one.span.overlap(with: other.span) == 0) }
            }
            #expect(highlights.map(\.score.total) == highlights.map(\.score.total).sorted(by: >))
        }
    }

    @Test(
        "C26: every highlight has four scores of 0–25, a hook type, a reason, its text and a headline of 3–9 words"
    )
    func describes() throws {
        for talk in Talk.all {
            for highlight in talk.highlights(try ClipOptions(count: 5)) {
                let score = highlight.score
                for part in [score.hook, score.engagement, score.value, score.shareability] {
                    #expect((1...25).contains(part))
                }
                #expect(highlight.text == talk.transcript.text(in: highlight.span))
                #expect((3...9).contains(highlight.title.split(separator: " ").count), "\(highlight.title)")
                #expect(highlight.title.count <= 64)
                let said = highlight.text.lowercased().filter { $0.isLetter || $0.isNumber }
                #expect(said.contains(highlight.title.lowercased().filter { $0.isLetter || $0.isNumber }))
                #expect(highlight.reasoning.hasSuffix("."))
            }
        }
    }

    @Test(
        "C26: the hook type says how a clip opens",
        arguments: [
            ("Why do bees dance?", HookType.question), ("Seventy percent of all bees are gone.", .statistic),
            ("One day I walked into the forest.", .story), ("But the truth was different.", .contrast),
            ("You will love this idea.", .statement), ("The table stands by the wall.", .none),
        ])
    func hookTypes(opening: String, expected: HookType) throws {
        let transcript = spoken(
            opening + " The table stands by the wall. The wall is white and the lamp is green.")
        let ranking = Ranking(transcript: transcript, signals: .silent(20))
        let found = ranking.analysis(of: [TimeSpan(start: 0, end: 20)], finder: "test").highlights
        #expect(found.map(\.hookType) == [expected])
    }

    @Test(
        "C25: a topic draws the best clip to where it is spoken of",
        arguments: [("bees", 1), ("seeds and lettuce", 2), ("the bees", 1), ("tomato harvest", 0)])
    func topicWeighs(topic: String, story: Int) throws {
        let talk = Talk.all[0]
        let best = try #require(talk.highlights(try ClipOptions(count: 1, topic: topic)).first)
        #expect(best.span.overlap(with: talk.stories[story]) > best.span.duration / 2)
    }

    @Test("C28: a summary of two or three sentences and key topics come from the transcript")
    func summarises() throws {
        for talk in Talk.all {
            let analysis = Ranking(transcript: talk.transcript, signals: talk.signals)
                .analysis(for: try ClipOptions(), finder: "offline")
            let summary = try #require(analysis.summary)
            let sentences = talk.transcript.sentences.map(\.text)
            #expect((2...3).contains(sentences.count { summary.contains($0) }))
            #expect((3...6).contains(analysis.keyTopics.count))
            let words = Set(talk.transcript.words.map(\.text.plainWord))
            #expect(analysis.keyTopics.allSatisfy(words.contains))
        }
    }

    @Test("the same recording gives the same answer")
    func isDeterministic() throws {
        let talk = Talk.all[1]
        let options = try ClipOptions(count: 20, minDuration: 5, maxDuration: 20)
        let first = Ranking(transcript: talk.transcript, signals: talk.signals)
            .analysis(for: options, finder: "offline")
        for _ in 0..<3 {
            let again = Ranking(transcript: talk.transcript, signals: talk.signals)
                .analysis(for: options, finder: "offline")
            #expect(again == first)
        }
    }

    @Test("C29: a source shorter than the least length gives one clip of all of it")
    func shortSource() throws {
        let transcript = spoken("This is all there is. It does not last long.")
        let spans = Ranking(transcript: transcript, signals: .silent(9))
            .analysis(for: try ClipOptions(), finder: "offline").highlights.map(\.span)
        #expect(spans == [TimeSpan(start: 0, end: 9)])
    }

    @Test("C29: where nothing is said the pictures decide: the liveliest stretch comes first")
    func choosesByPictures() throws {
        let samples = stride(from: 0.0, to: 120, by: 0.5).map { time in
            PictureTrack.Sample(
                time: time, columns: [], rows: [], motion: (70..<90).contains(time) ? 0.8 : 0.05)
        }
        let pictures = PictureTrack(samples: samples, cuts: [70, 90], end: 120)
        let signals = RankingSignals(duration: 120, loudness: [], loudnessInterval: 0.1, pictures: pictures)
        let highlights = Ranking(
            transcript: Transcript(words: [], language: nil, engine: "silence"), signals: signals
        ).analysis(for: try ClipOptions(count: 2), finder: "offline").highlights
        #expect(highlights.count == 2)
        #expect(highlights[0].span == TimeSpan(start: 70, end: 90))
        #expect(highlights[0].text.isEmpty && !highlights[0].title.isEmpty)
        #expect(highlights[0].score.total > highlights[1].score.total)
    }

    @Test("C29: a little speech in a long recording still gives clips of the wanted length")
    func littleSpeech() throws {
        let words = spoken("Only these few words are said. Nothing more.").words.map {
            Word(text: $0.text, span: TimeSpan(start: $0.span.start + 100, end: $0.span.end + 100))
        }
        let transcript = Transcript(words: words, language: nil, engine: "test")
        let highlights = Ranking(transcript: transcript, signals: .silent(300))
            .analysis(for: try ClipOptions(count: 3), finder: "offline").highlights
        let best = try #require(highlights.first)
        #expect(best.text == transcript.text(in: TimeSpan(start: 0, end: 300)))
        #expect((15...60).contains(best.span.duration))
    }

    @Test(
        "ranges given by hand stay as they are, in their order; what lies beyond the end is cut off or left out"
    )
    func handGivenRanges() {
        let talk = Talk.all[2]
        let end = talk.signals.duration
        let ranges = [
            TimeSpan(start: 100.5, end: 131.25), TimeSpan(start: 1, end: 3),
            TimeSpan(start: end - 5, end: end + 50),
            TimeSpan(start: end - 0.5, end: end + 50), TimeSpan(start: end + 1, end: end + 9),
        ]
        let highlights = Ranking(transcript: talk.transcript, signals: talk.signals)
            .analysis(of: ranges, finder: "hand").highlights
        #expect(highlights.map(\.span) == [ranges[0], ranges[1], TimeSpan(start: end - 5, end: end)])
        #expect(highlights[0].text == talk.transcript.text(in: ranges[0]))
        #expect(highlights.allSatisfy { $0.score.total > 0 && !$0.title.isEmpty })
    }

    @Test("loud passages count as more engaging")
    func loudnessCounts() throws {
        let talk = Talk.all[0]
        let calm = Ranking(transcript: talk.transcript, signals: talk.signals)
        let story = talk.stories[1]
        let loudness = (0..<Int(talk.signals.duration * 10)).map {
            story.contains(Double($0) / 10) ? Float(-14) : -26
        }
        let loud = Ranking(
            transcript: talk.transcript,
            signals: RankingSignals(
                duration: talk.signals.duration, loudness: loudness, loudnessInterval: 0.1,
                pictures: talk.signals.pictures))
        func engagement(_ ranking: Ranking) -> Int? {
            ranking.analysis(of: [story], finder: "test").highlights.first?.score.engagement
        }
        #expect(try #require(engagement(loud)) > (try #require(engagement(calm))))
    }

    @Test("C25: a recording of three hours, with or without pauses, gives its clips to the very end")
    func longRecording() throws {
        let talk = Talk.all[0]
        var words: [Word] = []
        var offset = 0.0
        while offset < 3 * 3600 {
            words += talk.transcript.words.map {
                Word(text: $0.text, span: TimeSpan(start: $0.span.start + offset, end: $0.span.end + offset))
            }
            offset += talk.signals.duration
        }
        // Something that is said once, after the hundredth minute.
        let late = spoken(
            "The volcano erupted on a Tuesday, and you could hear the volcano four hundred miles away. "
                + "My grandfather saw lava run into the sea. Why did nobody leave the island? The volcano had slept "
                + "for nine hundred years, but the goats knew. Never trust a volcano that is asleep."
        ).words.map {
            Word(text: $0.text, span: TimeSpan(start: $0.span.start + offset, end: $0.span.end + offset))
        }
        let transcript = Transcript(words: words + late, language: "en", engine: "test")
        let highlights = Ranking(transcript: transcript, signals: .silent(offset + 40), topic: "volcano")
            .analysis(for: try ClipOptions(count: 1, topic: "volcano"), finder: "offline").highlights
        #expect(try #require(highlights.first).text.contains("volcano"))
    }

    @Test("C25: words without any punctuation or pause still give clips")
    func endlessSpeech() throws {
        let words = (0..<5000).map { index in
            Word(
                text: "word\(index % 97)",
                span: TimeSpan(start: Double(index) * 0.3, end: Double(index + 1) * 0.3))
        }
        let transcript = Transcript(words: words, language: nil, engine: "test")
        let highlights = Ranking(transcript: transcript, signals: .silent(1500))
            .analysis(for: try ClipOptions(), finder: "offline").highlights
        #expect(highlights.count == 3)
        #expect(highlights.allSatisfy { (15...60).contains($0.span.duration) })
    }
}

extension Talk {
    func highlights(_ options: ClipOptions) -> [Highlight] {
        Ranking(transcript: transcript, signals: signals, topic: options.topic)
            .analysis(for: options, finder: "offline").highlights
    }
}

extension RankingSignals {
    static func silent(_ seconds: Double) -> RankingSignals {
        RankingSignals(
            duration: seconds, loudness: [], loudnessInterval: 0.1,
            pictures: PictureTrack(samples: [], cuts: [], end: seconds))
    }
}

/// The words of a text, three a second.
func spoken(_ text: String) -> Transcript {
    let words = text.split(separator: " ").enumerated().map { index, word in
        Word(text: String(word), span: TimeSpan(start: Double(index) / 3, end: (Double(index) + 0.9) / 3))
    }
    return Transcript(words: words, language: "en", engine: "test")
}

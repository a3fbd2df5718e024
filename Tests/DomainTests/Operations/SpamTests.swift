import Domain
import TestSupport
import Testing

@Suite("Texts that are like spam")
struct SpamTests {
    private static let second: Int64 = 1_000_000_000
    private static let title =
        "Weekly meeting of the engineering department, recorded in the large hall, part"

    @Test("O51: what people write is no spam, whatever its words", arguments: Corpus.texts)
    func ordinary(text: String) {
        let assessment = SpamAssessment(of: text)
        #expect(assessment.score < SpamAssessment.threshold, "\(assessment.signals)")
    }

    @Test(
        "O51: neither are songs, verses, other scripts, and notes with links",
        arguments: [
            "SELECT * FROM love; DROP the beat",
            "Na na na nananana, nananana, hey Jude (live in the garden)",
            "Buffalo buffalo Buffalo buffalo buffalo buffalo Buffalo buffalo",
            "The more I learn, the more I see the less the others know of the things the old ones knew",
            "Around the world, around the world, around the world, around the world, around the world",
            "Die Sonne scheint, und alle Vögel singen, weil der lange Winter endlich, endlich vorüber ist",
            "古池や蛙飛びこむ水の音 — 松尾芭蕉の俳句を読む会、第十二回、東京にて録画、字幕つき、全編ノーカット版",
            "Slides at https://example.org/slides and code at https://example.org/code, talk of March",
            "aaaaaaaaaaaaargh!", "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!", "", " ",
        ])
    func prose(text: String) {
        let assessment = SpamAssessment(of: text)
        #expect(!assessment.isSpam, "\(assessment.signals)")
    }

    @Test(
        "O51: what repeats, says nothing or is made of links is",
        arguments: [
            (String(repeating: "buy now ", count: 20), [SpamSignal.repetition]),
            (String(repeating: "la ", count: 40), [.repetition, .monotony]),
            (String(repeating: "a", count: 200), [.monotony]),
            (String(repeating: "哈", count: 120), [.monotony]),
            ("cheap https://a.example https://b.example www.c.example", [.links]),
            (
                Array(repeating: "https://a.example/", count: 12).joined(separator: " "),
                [.repetition, .links]
            ),
        ])
    func signals(text: String, signals: [SpamSignal]) {
        let assessment = SpamAssessment(of: text)
        #expect(assessment.signals == signals)
        #expect(assessment.score == signals.reduce(0) { $0 + $1.weight })
    }

    @Test("O51: three tenths are not more than three tenths, and ten words are not more than ten")
    func bounds() {
        #expect(SpamAssessment(of: "a a a a a b c d e f").signals.isEmpty)
        #expect(SpamAssessment(of: "a a a a b c d e f g h i j").signals == [.repetition])
        #expect(SpamAssessment(of: "a a a b c d e f g h i").signals.isEmpty)
    }

    @Test("O51: a series of recordings is ordered as quickly as one likes, and is no spam")
    func series() {
        var recent = RecentTexts()
        for number in 1...200 {
            let assessment = SpamAssessment(
                of: "\(Self.title) \(number)", after: &recent, at: Int64(number))
            #expect(!assessment.isSpam)
            #expect(assessment.signals.contains(.duplicates) == (number > 3))
            #expect(assessment.signals.contains(.flood) == (number > RecentTexts.capacity))
        }
    }

    @Test("O51: links that come again and again are, until they are forgotten")
    func repeated() {
        var recent = RecentTexts()
        let text = "https://a.example/prizes https://b.example/prizes https://c.example/prizes win win"
        for number in 0..<4 {
            let assessment = SpamAssessment(of: text, after: &recent, at: Int64(number) * Self.second)
            #expect(assessment.isSpam == (number == 3))
        }
        let later = 3700 * Self.second
        #expect(SpamAssessment(of: text, after: &recent, at: later).signals == [.links])
    }

    @Test("O51: what comes slowly is no flood")
    func slow() {
        var recent = RecentTexts()
        for number in 0..<100 {
            let assessment = SpamAssessment(of: "ci", after: &recent, at: Int64(number) * 2 * Self.second)
            #expect(assessment.signals.isEmpty)
        }
    }

    @Test("O51: a word more or less is the same text, another text is not")
    func fingerprints() throws {
        let print = try #require(SimHash(Self.title))
        for other in [
            Self.title + " 12", Self.title.uppercased() + "!", "The w" + Self.title.dropFirst(),
            Self.title.split(separator: " ").joined(separator: "  "),
        ] {
            #expect(try #require(SimHash(other)).isNear(print), "\(other)")
        }
        let others =
            Corpus.texts + [
                "Quarterly report of the finance team, held in the small room upstairs, first half",
                "Как выбрать камеру для съёмки видео в путешествии, часть вторая, с примерами",
            ]
        for other in others.compactMap({ SimHash($0) }) { #expect(!other.isNear(print)) }
        #expect(SimHash("Part 1") == nil)
        #expect(SimHash(String(repeating: "x", count: 31)) == nil)
        #expect(SimHash(String(repeating: "x", count: 32)) != nil)
    }

    @Test("O51: no two ordinary texts are taken for the same")
    func distinct() {
        let prints = Corpus.texts.compactMap { SimHash($0) }
        for (index, first) in prints.enumerated() {
            for second in prints[(index + 1)...] { #expect(!first.isNear(second)) }
        }
    }

    @Test("O51: the fingerprint of very long texts is that of their beginning")
    func long() throws {
        let text = (0..<20_000).map { "word\($0)" }.joined(separator: " ")
        #expect(SimHash(text) == SimHash(text + "and more"))
    }
}

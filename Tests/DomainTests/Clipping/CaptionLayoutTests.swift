import Domain
import Testing

/// A font whose letters are all half as wide as they are high.
private struct EvenFont: TextMeasurer {
    func measure(_ lines: [[CaptionToken]], in face: Typeface) -> [[InkBox?]] {
        let letter = face.size / 2
        return lines.enumerated().map { number, line in
            let top = (Double(number) - Double(lines.count) / 2) * face.size
            let widths = line.enumerated().map {
                Double($1.text.count + ($0 > 0 && $1.spaced ? 1 : 0)) * letter
            }
            var right = -widths.reduce(0, +) / 2
            return zip(line, widths).map { token, width in
                right += width
                let ink = Double(token.text.count) * letter
                return InkBox(
                    left: right - ink, top: top + 0.1 * face.size, right: right, bottom: top + 0.9 * face.size
                )
            }
        }
    }
}

@Suite("Captions") struct CaptionLayoutTests {
    private static let white = CaptionTemplate.Colour(red: 255, green: 255, blue: 255)

    private func template(
        wordsAtOnce: Int = 5, capitals: Bool = false, size: Double = 0.08, box: Bool = false,
        position: Double = 0.73
    ) -> CaptionTemplate {
        CaptionTemplate(
            name: "test", summary: "", font: "Even", bold: false, capitals: capitals, size: size,
            text: Self.white,
            highlight: Self.white, outline: Self.white, outlineWidth: 0.08, shadow: 0.06,
            box: box ? Self.white : nil,
            boxesSpokenWord: false, wordsAtOnce: wordsAtOnce, position: position)
    }

    /// Words of 0.3 s each, one every 0.3 s; `|` is a pause of a second, `A:` and `B:` name who speaks from there.
    private func words(_ text: String, from start: Double = 0) -> [Word] {
        var time = start
        var speaker: Speaker?
        var words: [Word] = []
        for part in text.split(separator: " ") {
            switch part {
            case "|": time += 1
            case "A:", "B:": speaker = Speaker(label: String(part.dropLast()))
            default:
                words.append(
                    Word(text: String(part), span: TimeSpan(start: time, end: time + 0.3), speaker: speaker))
                time += 0.3
            }
        }
        return words
    }

    private func pages(
        _ text: String, _ template: CaptionTemplate? = nil,
        frame: PictureSize = PictureSize(width: 1080, height: 1920)
    ) throws -> [CaptionPage] {
        let words = words(text)
        return try CaptionLayout(template: template ?? self.template(), frame: frame, measurer: EvenFont())
            .pages(for: words, in: TimeSpan(start: 0, end: (words.last?.span.end ?? 0) + 2))
    }

    private func texts(_ pages: [CaptionPage]) -> [String] {
        pages.map { page in page.tokens.map(\.text).joined(separator: " ") }
    }

    @Test("pages end where sentences, clauses and pauses do")
    func breaks() throws {
        #expect(
            try texts(pages("This is it. Now we go on, and then | we stop"))
                == ["This is it.", "Now we go on,", "and then", "we stop"])
    }

    @Test(
        "C57: captions of every size that can be wanted stay in the safe area, the largest set smaller to fit",
        arguments: ClipFormat.allCases,
        [CaptionChanges.sizeRange.lowerBound, CaptionChanges.sizeRange.upperBound])
    func sizes(format: ClipFormat, size: Double) throws {
        let frame = format.size(for: PictureSize(width: 1920, height: 1080))
        let wanted = template().applying(CaptionChanges(size: size))
        let text = "incomprehensibilities are what antidisestablishmentarianism is made of, isn't it?"
        let safe = CaptionLayout.safeArea(of: frame)
        for page in try pages(text, wanted, frame: frame) {
            let ink = try #require(page.ink)
            #expect(ink.left >= safe.left && ink.right <= safe.right)
            #expect(ink.top >= safe.top && ink.bottom <= safe.bottom)
        }
    }

    @Test("a change of speaker ends a page")
    func speakers() throws {
        #expect(try texts(pages("A: are you B: yes we are")) == ["are you", "yes we are"])
    }

    @Test("every word is shown once, in order", arguments: 1...8)
    func everyWord(wordsAtOnce: Int) throws {
        let text = "One two three, four five. Six seven eight nine ten eleven | twelve thirteen fourteen"
        let pages = try pages(text, template(wordsAtOnce: wordsAtOnce))
        #expect(texts(pages).joined(separator: " ") == text.replacing(" |", with: ""))
        #expect(pages.allSatisfy { $0.tokens.count <= wordsAtOnce })
    }

    @Test(
        "no page has more than two lines, and no line sticks out of the safe area",
        arguments: [
            PictureSize(width: 1080, height: 1920), PictureSize(width: 1920, height: 1080),
            PictureSize(width: 1080, height: 1080), PictureSize(width: 320, height: 240),
            PictureSize(width: 64, height: 48),
        ],
        [
            "Internationalization of counterrevolutionary characterizations notwithstanding",
            "Donaudampfschifffahrtsgesellschaftskapitän", "a b c d e f g h i j k l m n o p q r s t u v w",
            "これはとても長い日本語の文章で、改行されなければなりません。",
        ])
    func fits(frame: PictureSize, text: String) throws {
        let area = CaptionLayout.safeArea(of: frame)
        for box in [false, true] {
            for page in try pages(text, template(size: 0.12, box: box), frame: frame) {
                #expect(page.lines.count <= 2)
                let ink = try #require(page.ink)
                #expect(ink.isInside(area))
            }
        }
    }

    @Test("a word that is too long is set smaller, and only its page")
    func shrinks() throws {
        let pages = try pages("Short. Donaudampfschifffahrtsgesellschaftskapitän. Short.")
        #expect(pages.count == 3)
        #expect(pages[0].face.size == 86)
        #expect(pages[1].face.size < 50)
        #expect(pages[2].face.size == 86)
    }

    @Test("two lines are about as wide")
    func balance() throws {
        let page = try #require(try pages("alpha bravo charlie delta echo", template(wordsAtOnce: 5)).first)
        #expect(
            page.lines.map { $0.map(\.text) } == [["alpha", "bravo"], ["charlie", "delta", "echo"]]
                || page.lines.map { $0.map(\.text) } == [["alpha", "bravo", "charlie"], ["delta", "echo"]])
    }

    @Test("pages appear with their first word, never overlap, and stay over short gaps only")
    func times() throws {
        let pages = try pages("one two three. four five six. | seven eight")
        for (page, next) in zip(pages, pages.dropFirst()) {
            #expect(page.span.end <= next.span.start)
        }
        #expect(
            pages.map(\.span.start) == [0, 0.9, 2.8].map { Double($0) }
                || zip(pages.map(\.span.start), [0, 0.9, 2.8]).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(pages[0].span.end == pages[1].span.start)
        #expect(pages[1].span.end < 2.3)
    }

    @Test("exactly one word is the spoken one at any moment of a page")
    func spoken() throws {
        for page in try pages("one two three. four five six") {
            let spans = page.tokens.indices.map(page.spoken)
            #expect(spans.first?.start == page.span.start)
            #expect(spans.last?.end == page.span.end)
            for (span, next) in zip(spans, spans.dropFirst()) { #expect(span.end == next.start) }
        }
    }

    @Test("words outside the clip are not shown, and times are the clip's")
    func clipTimes() throws {
        let layout = CaptionLayout(
            template: template(), frame: PictureSize(width: 1080, height: 1920), measurer: EvenFont())
        let pages = try layout.pages(
            for: words("before here is after", from: 9.7), in: TimeSpan(start: 10, end: 10.6))
        #expect(texts(pages) == ["here is"])
        #expect(abs((pages.first?.span.start ?? 1)) < 1e-9)
        #expect((pages.first?.span.end ?? 1) <= 0.6 + 1e-9)
    }

    @Test("capitals are capitals, also where they take two letters")
    func capitals() throws {
        #expect(try texts(pages("große Äpfel", template(capitals: true))) == ["GROSSE ÄPFEL"])
    }

    @Test("Japanese is broken without spaces, and never before a closing mark")
    func japanese() throws {
        let text = "これは日本語の字幕です。とても長い文章を、表示しています！"
        let pages = try pages(text, template(wordsAtOnce: 3))
        #expect(pages.flatMap(\.tokens).map(\.text).joined() == text)
        for line in pages.flatMap(\.lines) {
            #expect(!"、。！ょっー".contains(try #require(line.first?.text.first)))
            #expect(line.dropFirst().allSatisfy { !$0.spaced })
        }
    }

    @Test("control characters and line ends are not shown")
    func controlCharacters() throws {
        #expect(try texts(pages("one\u{7}\u{0}two\u{1B}[0m")) == ["onetwo[0m"])
        #expect(
            CaptionToken.tokens(
                of: [Word(text: "two\nlines", span: TimeSpan(start: 0, end: 1))],
                in: TimeSpan(start: 0, end: 2),
                capitals: false
            ).map(\.text) == ["two", "lines"])
    }

    @Test("what draws nothing makes no page")
    func nothing() throws {
        #expect(try pages("").isEmpty)
        #expect(
            CaptionToken.tokens(
                of: [Word(text: " \u{0} ", span: TimeSpan(start: 0, end: 1))], in: TimeSpan(start: 0, end: 2),
                capitals: false
            ).isEmpty)
    }
}

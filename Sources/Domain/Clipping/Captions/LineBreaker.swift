/// Breaks pages into at most two lines, with every token's width known.
struct LineBreaker {
    /// The most lines of a page.
    static let mostLines = 2

    private let tokens: [CaptionToken]
    private let widths: [Double]
    private let space: Double
    private let room: Double

    /// Measures every token once.
    init(tokens: [CaptionToken], face: Typeface, measurer: any TextMeasurer, room: Double) throws {
        self.tokens = tokens
        self.room = room
        widths = try tokens.map { try measurer.measure([[$0]], in: face).joined().first??.width ?? 0 }
        // The ink of one token ends before its advance does; a third of the height is a wide space, on the safe side.
        space = face.size * 0.3
    }

    private func width(of line: Range<Int>) -> Double {
        line.reduce(0) { sum, index in
            sum + widths[index] + (index > line.lowerBound ? (tokens[index].spaced ? space : space * 0.1) : 0)
        }
    }

    /// Whether the tokens of `page` can be set in two lines at full size.
    func fits(_ page: Range<Int>) -> Bool {
        lines(of: page).allSatisfy { width(of: $0) <= room }
    }

    /// The lines of `page`: one if it holds all, else two that are about as wide, broken where the sentence is.
    func lines(of page: Range<Int>) -> [Range<Int>] {
        guard page.count > 1, width(of: page) > room else { return [page] }
        let breaks = page.dropFirst()
        let best = breaks.min { unevenness(of: page, brokenAt: $0) < unevenness(of: page, brokenAt: $1) }
        return best.map { [page.lowerBound..<$0, $0..<page.upperBound] } ?? [page]
    }

    private func unevenness(of page: Range<Int>, brokenAt index: Int) -> Double {
        let (upper, lower) = (width(of: page.lowerBound..<index), width(of: index..<page.upperBound))
        let tooWide = max(0, max(upper, lower) - room)
        let before = tokens[index - 1]
        let atEnd = before.endsSentence || before.endsClause ? 0.25 * room : 0
        let insideWord = tokens[index].spaced ? 0 : 0.1 * room
        return 10 * tooWide + abs(upper - lower) + insideWord - atEnd
    }
}

/// Divides what is said into pages: what is shown at once.
///
/// Pages end where speech does: at the ends of sentences, at pauses, at commas; never across a change of speaker.
/// Of all divisions whose pages fit, the one with the least cost over the whole clip is taken.
struct CaptionPager {
    /// A pause that always ends a page, in seconds.
    static let longPause = 0.7

    let tokens: [CaptionToken]
    let tokensAtOnce: Int
    /// Whether the tokens of that range can be shown at once.
    let fits: (Range<Int>) throws -> Bool

    /// The pages as ranges of the tokens, in order and without gaps.
    func pages() throws -> [Range<Int>] {
        guard !tokens.isEmpty else { return [] }
        // The least cost of dividing the tokens before each index, and where the last page of that begins.
        var costs = [0.0] + [Double](repeating: .infinity, count: tokens.count)
        var beginnings = [Int](repeating: 0, count: tokens.count + 1)
        for end in 1...tokens.count {
            for start in stride(from: end - 1, through: max(0, end - tokensAtOnce), by: -1) {
                if end - start > 1, mustPart(start) { break }
                let page = start..<end
                // A single token always makes a page: the layout shrinks what is too wide.
                guard try page.count == 1 || fits(page) else { break }
                let cost = costs[start] + self.cost(of: page)
                if cost < costs[end] {
                    costs[end] = cost
                    beginnings[end] = start
                }
            }
        }
        var pages: [Range<Int>] = []
        var end = tokens.count
        while end > 0 {
            pages.append(beginnings[end]..<end)
            end = beginnings[end]
        }
        return pages.reversed()
    }

    private func pause(after index: Int) -> Double {
        max(0, tokens[index + 1].span.start - tokens[index].span.end)
    }

    /// Whether the token at `index` and the one after it may not share a page.
    private func mustPart(_ index: Int) -> Bool {
        tokens[index].speaker != tokens[index + 1].speaker || pause(after: index) >= Self.longPause
    }

    private func cost(of page: Range<Int>) -> Double {
        var cost = 0.15 * Double(tokensAtOnce - page.count)
        if page.count == 1, tokensAtOnce > 1 { cost += 1.2 }
        if tokens[page.upperBound - 1].span.end - tokens[page.lowerBound].span.start < 0.4 { cost += 0.5 }
        for index in page.dropLast() {
            if tokens[index].endsSentence { cost += 2.5 } else if tokens[index].endsClause { cost += 0.5 }
            cost += 2 * min(1, pause(after: index))
        }
        if page.upperBound < tokens.count, !mustPart(page.upperBound - 1) {
            let last = tokens[page.upperBound - 1]
            if !last.endsSentence {
                cost += last.endsClause || pause(after: page.upperBound - 1) > 0.2 ? 0.3 : 1
            }
            // Letters of one word stay together.
            if !tokens[page.upperBound].spaced { cost += 0.6 }
        }
        return cost
    }
}

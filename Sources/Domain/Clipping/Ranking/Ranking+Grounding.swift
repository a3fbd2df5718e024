// Holds proposals against the transcript: nothing is shown that was not said.

extension Ranking {
    /// How much of a quote must be among the words of its span, 0–1.
    static let leastAgreement = 0.5
    /// How far around the proposed times quoted words are looked for, in seconds.
    static let searchMargin = 5.0
    /// How many words of a quote are needed to find it without its times.
    static let fewestQuoted = 4
    /// The longest reason that is kept, in characters.
    static let mostReason = 400

    /// Highlights for those proposals that the transcript bears out, best first.
    ///
    /// A proposal whose quote is not said there or anywhere, or whose span holds no speech, is left out. Spans
    /// are moved to the borders of sentences and to the wanted lengths; of two that overlap, the better one
    /// stays. Texts come from the transcript; points that were not given are this ranking's own.
    public func grounded(_ proposals: [HighlightProposal], options: ClipOptions) -> [Highlight] {
        let highlights = proposals.compactMap { grounded($0, options: options) }
            .sorted { (-$0.score.total, $0.span.start) < (-$1.score.total, $1.span.start) }
        var chosen: [Highlight] = []
        for highlight in highlights where chosen.count < options.count {
            if chosen.allSatisfy({ $0.span.overlap(with: highlight.span) == 0 }) { chosen.append(highlight) }
        }
        return chosen
    }

    private func grounded(_ proposal: HighlightProposal, options: ClipOptions) -> Highlight? {
        guard let words = words(of: proposal), let span = fitted(words, options: options) else { return nil }
        let own = highlight(of: span)
        let title = proposal.title.map(Headline.cleaned) ?? ""
        let reason = (proposal.reasoning ?? "").spacesCollapsed
        return Highlight(
            span: span, title: title.split(separator: " ").count >= 2 || title.count >= 6 ? title : own.title,
            text: own.text,
            score: HighlightScore(
                hook: proposal.hook ?? own.score.hook,
                engagement: proposal.engagement ?? own.score.engagement,
                value: proposal.value ?? own.score.value,
                shareability: proposal.shareability ?? own.score.shareability),
            hookType: proposal.hookType ?? own.hookType,
            reasoning: reason.isEmpty ? own.reasoning : String(reason.prefix(Self.mostReason)))
    }

    /// The words that a proposal means; nil when they cannot be found.
    private func words(of proposal: HighlightProposal) -> Range<Int>? {
        let quote = (proposal.quote ?? "").writtenWords.map(\.plainWord).filter { !$0.isEmpty }
        if let start = proposal.start, let end = proposal.end, start.isFinite, end.isFinite, end > start {
            let said = indices(from: start, to: end)
            guard said.count >= min(3, transcript.words.count) else { return nil }
            if quote.isEmpty { return said }
            let around = indices(from: start - Self.searchMargin, to: end + Self.searchMargin)
            if agreement(of: quote, with: around) >= Self.leastAgreement { return said }
            return place(of: quote, length: said.count)
        }
        return place(of: quote, length: quote.count)
    }

    private func indices(from start: Double, to end: Double) -> Range<Int> {
        let words = transcript.words
        var lower = 0..<words.count
        while !lower.isEmpty {
            let middle = (lower.lowerBound + lower.upperBound) / 2
            let centre = (words[middle].span.start + words[middle].span.end) / 2
            lower = centre >= start ? lower.lowerBound..<middle : middle + 1..<lower.upperBound
        }
        var upper = lower.lowerBound
        while upper < words.count, (words[upper].span.start + words[upper].span.end) / 2 < end { upper += 1 }
        return lower.lowerBound..<upper
    }

    /// Which share of the quoted words is said in `range`, each as often as quoted.
    private func agreement(of quote: [String], with range: Range<Int>) -> Double {
        var said: [String: Int] = [:]
        for word in vocabulary.plain[range] { said[word, default: 0] += 1 }
        var found = 0
        for word in quote where said[word, default: 0] > 0 {
            said[word, default: 0] -= 1
            found += 1
        }
        return Double(found) / Double(quote.count)
    }

    /// Where the quote begins in the transcript, and as many words from there.
    private func place(of quote: [String], length: Int) -> Range<Int>? {
        guard quote.count >= Self.fewestQuoted else { return nil }
        let opening = quote.prefix(Self.fewestQuoted)
        let plain = vocabulary.plain
        guard plain.count >= opening.count else { return nil }
        for start in 0...plain.count - opening.count
        where plain[start..<start + opening.count].elementsEqual(opening) {
            let range = start..<min(plain.count, start + max(length, quote.count))
            if agreement(of: quote, with: range) >= Self.leastAgreement { return range }
        }
        return nil
    }

    /// The span of whole sentences around `words` in the wanted length; nil when there is none.
    private func fitted(_ words: Range<Int>, options: ClipOptions) -> TimeSpan? {
        guard signals.duration > options.minDuration else { return signals.whole }
        guard var first = sentences.firstIndex(where: { $0.words.upperBound > words.lowerBound }),
            var last = sentences.lastIndex(where: { $0.words.lowerBound < words.upperBound })
        else { return nil }
        // A border that cuts a few words off moves to the nearer end of their sentence.
        if first < last, isMostlyOutside(sentences[first].words, of: words) { first += 1 }
        if first < last, isMostlyOutside(sentences[last].words, of: words) { last -= 1 }
        let selection = RankingSelection(ranking: self, options: options)
        while first < last, selection.span(of: first..<last + 1).duration > options.maxDuration { last -= 1 }
        while selection.span(of: first..<last + 1).duration < options.minDuration {
            // Further sentences come first where the topic goes on, then where the span still fits.
            let after = last + 1 < sentences.count ? first..<last + 2 : nil
            let before = first > 0 ? first - 1..<last + 1 : nil
            let wider = [after, before].compactMap { $0 }
                .filter { selection.span(of: $0).duration <= options.maxDuration }
            let best = wider.max {
                scorer.points(of: $0, span: selection.span(of: $0)).total
                    < scorer.points(of: $1, span: selection.span(of: $1)).total
            }
            guard let best else { break }
            (first, last) = (best.lowerBound, best.upperBound - 1)
        }
        let span = selection.span(of: first..<last + 1)
        if (options.minDuration...options.maxDuration).contains(span.duration) { return span }
        return selection.bounded(span)
    }

    private func isMostlyOutside(_ sentence: Range<Int>, of words: Range<Int>) -> Bool {
        sentence.clamped(to: words).count * 2 < sentence.count
    }
}

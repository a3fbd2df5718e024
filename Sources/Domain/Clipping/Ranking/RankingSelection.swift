/// Chooses the best spans of sentences that do not overlap.
struct RankingSelection {
    let ranking: Ranking
    let options: ClipOptions

    /// How much of a pause before the first and after the last word a span takes in, in seconds.
    static let lead = 0.2
    static let tail = 0.35
    /// The most ends that are tried for one start.
    private static let mostEnds = 48
    /// A further clip must have this share of the best one's points.
    private static let leastShare = 0.4

    private struct Candidate {
        let span: TimeSpan
        let points: Double
    }

    /// The chosen spans, best first; empty when nothing of the wanted length can be cut.
    func spans() -> [TimeSpan] {
        // Equal points go to the earlier span: the same recording always gives the same clips.
        let sorted = candidates().sorted { ($1.points, $0.span.start) < ($0.points, $1.span.start) }
        guard let best = sorted.first else { return [] }
        var chosen: [TimeSpan] = []
        for candidate in sorted {
            guard chosen.count < options.count, candidate.points >= Self.leastShare * best.points else {
                break
            }
            if chosen.allSatisfy({ $0.overlap(with: candidate.span) == 0 }) { chosen.append(candidate.span) }
        }
        return chosen
    }

    /// The span of whole sentences, with a little of the pauses around them.
    func span(of said: Range<Int>) -> TimeSpan {
        TimeSpan(start: start(of: said.lowerBound), end: end(of: said.upperBound - 1))
    }

    /// `span` brought to the wanted lengths where sentences do not allow it.
    func bounded(_ span: TimeSpan) -> TimeSpan {
        let length = min(max(span.duration, options.minDuration), options.maxDuration)
        let start = max(0, min(span.start, ranking.signals.duration - length))
        return TimeSpan(start: start, end: start + length)
    }

    private func candidates() -> [Candidate] {
        let sentences = ranking.sentences
        var candidates: [Candidate] = []
        for first in sentences.indices {
            let start = start(of: first)
            var ends: [Int] = []
            var last = first
            while last < sentences.count, end(of: last) - start <= options.maxDuration {
                if end(of: last) - start >= options.minDuration { ends.append(last) }
                last += 1
            }
            let step = max(1, (ends.count + Self.mostEnds - 1) / Self.mostEnds)
            for place in stride(from: ends.count - 1, through: 0, by: -step) {
                let span = TimeSpan(start: start, end: end(of: ends[place]))
                candidates.append(candidate(first..<ends[place] + 1, span))
            }
            if ends.isEmpty, let filled = filled(from: first, through: last - 1) { candidates.append(filled) }
        }
        return candidates
    }

    private func candidate(_ said: Range<Int>, _ span: TimeSpan) -> Candidate {
        // The same strength told in less than half of the wanted room is a little thin.
        let room = (options.minDuration + options.maxDuration) / 2
        let length = 0.8 + 0.2 * min(1, span.duration / room)
        return Candidate(span: span, points: ranking.scorer.points(of: said, span: span).total * length)
    }

    /// Sentences that cannot reach the least length: the silence around them is taken in, and where the next
    /// sentence is in the way it is cut, since the wanted lengths come first.
    private func filled(from first: Int, through last: Int) -> Candidate? {
        let duration = ranking.signals.duration
        guard duration >= options.minDuration else { return nil }
        let start = min(start(of: first), duration - options.minDuration)
        let span = TimeSpan(start: start, end: start + options.minDuration)
        let said = first..<max(first, last) + 1
        let found = candidate(said, span)
        let isCutOff = span.end > nextStart(after: said.upperBound - 1)
        return Candidate(span: span, points: found.points * (isCutOff ? 0.5 : 0.8))
    }

    private func start(of sentence: Int) -> Double {
        let first = ranking.sentences[sentence].span.start
        let before = sentence > 0 ? ranking.sentences[sentence - 1].span.end : 0
        return max(min(before, first), first - Self.lead, 0)
    }

    private func end(of sentence: Int) -> Double {
        let last = ranking.sentences[sentence].span.end
        return max(min(last + Self.tail, nextStart(after: sentence)), min(last, ranking.signals.duration))
    }

    private func nextStart(after sentence: Int) -> Double {
        sentence + 1 < ranking.sentences.count
            ? min(ranking.sentences[sentence + 1].span.start, ranking.signals.duration)
            : ranking.signals.duration
    }
}

/// Ranks the spans of a recording without any model: the offline way to find highlights.
///
/// It weighs how central sentences are, how they open (questions, numbers, contrast, stories, words to the
/// listener), pauses, speech rate, loudness, motion and scene cuts; it keeps a clip to one topic. The same
/// recording and wishes always give the same answer, and the work grows with n log n of its length.
public struct Ranking: Sendable {
    let transcript: Transcript
    let signals: RankingSignals
    let sentences: [Sentence]
    let vocabulary: RankingVocabulary
    let features: [SentenceFeatures]
    let topics: RankingTopics
    let sums: SignalSums
    let scorer: RankingScorer

    /// A ranking of one recording.
    public init(transcript: Transcript, signals: RankingSignals, topic: String? = nil) {
        // Words after the end of the recording cannot be shown.
        let duration = signals.duration
        let heard =
            transcript.words.last.map { $0.span.start < duration } ?? true
            ? transcript
            : Transcript(
                words: transcript.words.filter { $0.span.start < duration }, language: transcript.language,
                engine: transcript.engine)
        self.transcript = heard
        self.signals = signals
        sentences = heard.sentences
        vocabulary = RankingVocabulary(words: heard.words, sentences: sentences)
        sums = SignalSums(signals)
        let vectors = sentences.map { [vocabulary] sentence in
            var vector = TermVector()
            for case .some(let term) in vocabulary.terms[sentence.words] {
                vector.add(term, vocabulary.weights[term])
            }
            return vector
        }
        topics = RankingTopics(sentences: sentences, vectors: vectors, vocabulary: vocabulary, signals: sums)
        features = SentenceFeatures.features(
            of: sentences, in: heard, vocabulary: vocabulary, vectors: vectors, topics: topics.topics,
            wanted: topic.map(RankingVocabulary.stems) ?? [])
        scorer = RankingScorer(
            sentences: sentences, features: features, firmness: topics.firmness, sums: sums,
            hasTopic: topic != nil)
    }

    /// The best spans for `options`, with what the recording is about; never empty for a recording that has
    /// any length.
    public func analysis(for options: ClipOptions, finder: String) -> Analysis {
        Analysis(
            highlights: highlights(for: options), summary: summary(), keyTopics: keyTopics(), finder: finder)
    }

    /// Highlights for spans that were chosen by hand: exactly as given and in that order, except that what lies
    /// beyond the end of the recording is cut off, and left out where less than
    /// ``MediaLimits/leastDuration`` remains.
    public func analysis(of ranges: [TimeSpan], finder: String) -> Analysis {
        let kept = ranges.map { $0.clamped(to: signals.whole) }
            .filter { $0.duration >= min(MediaLimits.leastDuration, signals.duration) && $0.duration > 0 }
        return Analysis(
            highlights: kept.map { highlight(of: $0, chosenByHand: true) }, summary: summary(),
            keyTopics: keyTopics(), finder: finder)
    }

    /// The best spans for `options`, best first.
    func highlights(for options: ClipOptions) -> [Highlight] {
        guard signals.duration > 0 else { return [] }
        guard signals.duration > options.minDuration else { return [highlight(of: signals.whole)] }
        var spans: [TimeSpan] = []
        if !sentences.isEmpty { spans = RankingSelection(ranking: self, options: options).spans() }
        if spans.isEmpty { spans = RankingPictures(signals: signals, sums: sums).spans(for: options) }
        return spans.map { highlight(of: $0) }
            .sorted { (-$0.score.total, $0.span.start) < (-$1.score.total, $1.span.start) }
    }

    /// A span with its text, score, headline and reason.
    func highlight(of span: TimeSpan, chosenByHand: Bool = false) -> Highlight {
        let said = saidSentences(in: span)
        let words = transcript.words(in: span)
        guard let opening = said.first, !words.isEmpty else {
            return RankingPictures(signals: signals, sums: sums).highlight(
                of: span, chosenByHand: chosenByHand)
        }
        let hook = RankingScorer.hookType(of: features[opening].cues)
        return Highlight(
            span: span, title: Headline(ranking: self).text(for: span),
            text: words.lazy.map(\.text).joinedAsWritten(),
            score: scorer.points(of: said, span: span).rounded, hookType: hook,
            reasoning: reasoning(said, span: span, hook: hook, chosenByHand: chosenByHand))
    }

    /// The sentences that lie mostly in `span`; where there is none, the one that its middle falls into.
    func saidSentences(in span: TimeSpan) -> Range<Int> {
        let starts = sentences.map(\.span.start)
        var lower = SignalSums.first(in: starts, from: span.start)
        if lower > 0, span.overlap(with: sentences[lower - 1].span) * 2 >= sentences[lower - 1].span.duration,
            span.overlap(with: sentences[lower - 1].span) > 0
        {
            lower -= 1
        }
        var upper = max(lower, SignalSums.first(in: starts, from: span.end))
        if upper - lower > 1,
            span.overlap(with: sentences[upper - 1].span) * 2 < sentences[upper - 1].span.duration
        {
            upper -= 1
        }
        if lower == upper, lower > 0, span.overlap(with: sentences[lower - 1].span) > 0 { lower -= 1 }
        return lower..<upper
    }

    private func reasoning(_ said: Range<Int>, span: TimeSpan, hook: HookType, chosenByHand: Bool) -> String {
        var parts: [String] = []
        switch hook {
        case .question: parts.append("opens with a question")
        case .statistic: parts.append("opens with a number")
        case .story: parts.append("tells what happened")
        case .contrast: parts.append("sets one thing against another")
        case .statement: parts.append("opens with a claim")
        case .none: break
        }
        if topics.firmness[said.lowerBound] > 0.6, topics.firmness[said.upperBound] > 0.6 {
            parts.append("covers one subject from start to end")
        }
        if sums.loudness(in: span) > 0.6 { parts.append("is spoken with emphasis") }
        if sums.liveliness(in: span) > 0.6 { parts.append("has lively pictures") }
        let about = telling(in: transcript.words.isEmpty ? 0..<0 : sentences[said].wordRange, limit: 3)
        if !about.isEmpty { parts.append("is about \(about.joined(separator: ", "))") }
        let subject = chosenByHand ? "Chosen by hand; it" : "It"
        guard let last = parts.popLast() else { return "\(subject) stands on its own." }
        return "\(subject) \(parts.isEmpty ? last : parts.joined(separator: ", ") + " and " + last)."
    }
}

extension ArraySlice<Sentence> {
    /// The words of all the sentences; the slice must not be empty.
    fileprivate var wordRange: Range<Int> {
        (first?.words.lowerBound ?? 0)..<(last?.words.upperBound ?? 0)
    }
}

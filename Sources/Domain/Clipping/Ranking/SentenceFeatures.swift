/// What the ranking knows about one sentence.
struct SentenceFeatures {
    /// How its wording works.
    let cues: RankingCues
    /// How central it is to the recording and its topic, 0–1.
    let centrality: Double
    /// How strongly it would open a clip, 0–1.
    let hook: Double
    /// How fast it is spoken: 0 slow, 0.5 as usual in this recording, 1 fast.
    let rate: Double
    /// How much it is about what was asked for, 0–1.
    let wanted: Double
    /// Whether another speaker spoke before.
    let turn: Bool

    static func features(
        of sentences: [Sentence], in transcript: Transcript, vocabulary: RankingVocabulary,
        vectors: [TermVector], topics: [Int], wanted: Set<String>
    ) -> [SentenceFeatures] {
        let centralities = centralities(of: vectors, topics: topics)
        let rates = sentences.map { Double($0.words.count) / max(0.3, $0.span.duration) }
        let usualRate = rates.isEmpty ? 1 : max(0.1, rates.sorted()[rates.count / 2])
        let wantedTerms = Set(vocabulary.stems.indices.filter { wanted.contains(vocabulary.stems[$0]) })
        return sentences.indices.map { index in
            let sentence = sentences[index]
            let words = vocabulary.plain[sentence.words]
            let cues = RankingCues.cues(
                of: words, asks: transcript.words[sentence.words.upperBound - 1].text.asks)
            let hits = vocabulary.terms[sentence.words].count { $0.map(wantedTerms.contains) ?? false }
            return SentenceFeatures(
                cues: cues, centrality: centralities[index], hook: hook(cues, words: words.count),
                rate: min(1, max(0, rates[index] / usualRate - 0.5)),
                wanted: hits == 0 ? 0 : 1 - exponential(-1.2 * Double(hits)),
                turn: index > 0 && sentences[index - 1].speaker != sentence.speaker)
        }
    }

    /// The strength of an opening: cues add up with less and less effect.
    private static func hook(_ cues: RankingCues, words: Int) -> Double {
        let strengths: [(RankingCues, Double)] = [
            (.question, 0.45), (.number, 0.3), (.contrast, 0.25), (.story, 0.35), (.secondPerson, 0.2),
            (.strong, 0.25), (.opener, 0.15),
        ]
        var missing = words <= 12 ? 0.9 : 1
        for (cue, strength) in strengths where cues.contains(cue) { missing *= 1 - strength }
        var hook = 1 - missing
        if cues.contains(.dependent) { hook *= 0.6 }
        if cues.contains(.dull) { hook *= 0.2 }
        return hook
    }

    /// The likeness of each sentence to its topic and to the whole, scaled so that the most central tenth
    /// reaches 1.
    private static func centralities(of vectors: [TermVector], topics: [Int]) -> [Double] {
        var whole = TermVector()
        var byTopic = Array(repeating: TermVector(), count: (topics.last ?? -1) + 1)
        for (vector, topic) in zip(vectors, topics) {
            whole.add(vector)
            byTopic[topic].add(vector)
        }
        // The lengths of these two would be computed again for every sentence.
        let wholeLength = whole.length
        let topicLengths = byTopic.map(\.length)
        let raw = zip(vectors, topics).map { vector, topic in
            0.5 * vector.cosine(with: whole, length: wholeLength)
                + 0.5 * vector.cosine(with: byTopic[topic], length: topicLengths[topic])
        }
        let high = raw.sorted().dropFirst(raw.count * 9 / 10).first ?? 0
        return raw.map { high > 0 ? min(1, $0 / high) : 0 }
    }
}

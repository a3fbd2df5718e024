/// Where a recording turns from one thing to the next.
///
/// Neighbouring stretches of about ``window`` telling words are compared at every sentence border; a border is
/// as firm as the likeness dips there below its surroundings (the depth score of Hearst, "TextTiling", 1997),
/// helped by long pauses, a change of the speaker and a scene cut.
struct RankingTopics {
    /// How firm the border before each sentence is, 0–1; one more entry for the end of the recording.
    let firmness: [Double]
    /// For each sentence the number of its topic.
    let topics: [Int]

    /// How many telling words are compared on either side of a border.
    private static let window = 30
    /// How many sentences a border is compared with on either side.
    private static let reach = 8
    /// A border as firm as this parts two topics.
    private static let topicFirmness = 0.5

    init(sentences: [Sentence], vectors: [TermVector], vocabulary: RankingVocabulary, signals: SignalSums) {
        guard !sentences.isEmpty else {
            firmness = [1]
            topics = []
            return
        }
        let depths = Self.depths(
            Self.likeness(sentences: sentences, vectors: vectors, vocabulary: vocabulary))
        let mean = depths.reduce(0, +) / Double(max(1, depths.count))
        let variance = depths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, depths.count))
        let deep = max(0.15, mean + 1.2 * power(variance, 0.5))
        let pauses = zip(sentences, sentences.dropFirst()).map { max(0, $1.span.start - $0.span.end) }
        // What counts as a long pause depends on who speaks: one in twenty of this recording does.
        let sortedPauses = pauses.sorted()
        let usualPause = pauses.isEmpty ? 0 : sortedPauses[pauses.count / 2]
        let longPause = pauses.isEmpty ? 1 : max(usualPause + 0.3, sortedPauses[pauses.count * 19 / 20])

        var firmness = [1.0]
        for index in sentences.indices.dropFirst() {
            let pause = min(1, max(0, pauses[index - 1] - usualPause) / (longPause - usualPause))
            let border = sentences[index].span.start
            var value = 0.6 * min(1, depths[index - 1] / deep) + 0.35 * pause
            if sentences[index].speaker != sentences[index - 1].speaker { value += 0.1 }
            if signals.isCut(near: border, within: 0.8 + pauses[index - 1] / 2) { value += 0.15 }
            firmness.append(min(1, value))
        }
        firmness.append(1)
        self.firmness = firmness

        var topic = -1
        topics = sentences.indices.map { index in
            if index == 0 || firmness[index] >= Self.topicFirmness { topic += 1 }
            return topic
        }
    }

    /// For each border between two sentences how alike its two sides are.
    private static func likeness(
        sentences: [Sentence], vectors: [TermVector], vocabulary: RankingVocabulary
    ) -> [Double] {
        let telling = sentences.map { sentence in vocabulary.terms[sentence.words].count { $0 != nil } }
        return sentences.indices.dropFirst().map { border in
            var left = TermVector()
            var right = TermVector()
            var (count, index) = (0, border - 1)
            while index >= 0, count < window {
                left.add(vectors[index])
                count += max(1, telling[index])
                index -= 1
            }
            (count, index) = (0, border)
            while index < sentences.count, count < window {
                right.add(vectors[index])
                count += max(1, telling[index])
                index += 1
            }
            return left.likeness(to: right)
        }
    }

    /// How far each value lies below the peaks on either side of it.
    private static func depths(_ values: [Double]) -> [Double] {
        values.indices.map { index in
            let left = values[max(0, index - reach)..<index].max() ?? values[index]
            let right = values[index + 1..<min(values.count, index + 1 + reach)].max() ?? values[index]
            return (max(0, left - values[index]) + max(0, right - values[index])) / 2
        }
    }
}

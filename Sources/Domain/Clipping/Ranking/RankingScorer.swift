/// Gives spans of sentences their points; each span costs the same, however long it is.
struct RankingScorer {
    /// Points before they are rounded.
    struct Points {
        var hook: Double
        var engagement: Double
        var value: Double
        var shareability: Double

        var total: Double { hook + engagement + value + shareability }

        var rounded: HighlightScore {
            HighlightScore(
                hook: Int(hook.rounded()), engagement: Int(engagement.rounded()), value: Int(value.rounded()),
                shareability: Int(shareability.rounded()))
        }
    }

    /// A border that is as firm as this is where one would cut by hand.
    private static let clearBorder = 0.5

    private let features: [SentenceFeatures]
    private let firmness: [Double]
    private let sums: SignalSums
    private let hasTopic: Bool
    /// Sums over the sentences before each index.
    private let sentenceSums: [FeatureSums]

    init(
        sentences: [Sentence], features: [SentenceFeatures], firmness: [Double], sums: SignalSums,
        hasTopic: Bool
    ) {
        self.features = features
        self.firmness = firmness
        self.sums = sums
        self.hasTopic = hasTopic
        var running = FeatureSums()
        var all = [running]
        for (index, sentence) in sentences.enumerated() {
            running.add(features[index], sentence, crossing: firmness[index])
            all.append(running)
        }
        sentenceSums = all
    }

    /// The points of the sentences `said`, which `span` shows.
    func points(of said: Range<Int>, span: TimeSpan) -> Points {
        let sum = sentenceSums[said.upperBound] - sentenceSums[said.lowerBound]
        let count = Double(max(1, said.count))
        let words = max(1, sum.words)
        func density(_ hits: Double, _ strength: Double) -> Double {
            1 - exponential(-strength * hits / count)
        }

        let first = features[said.lowerBound]
        let second = said.count > 1 ? features[said.lowerBound + 1].hook : first.hook
        let opens = min(1, firmness[said.lowerBound] / Self.clearBorder)
        let closes = min(1, firmness[said.upperBound] / Self.clearBorder)
        // Speech that fills less than two thirds of the span leaves dead air.
        let filled = min(1, sum.seconds / max(0.1, span.duration) * 1.5)
        // A topic border inside the span means that it tells two things; each sentence adds a little anyway.
        let crossed = sentenceSums[said.upperBound].crossing - sentenceSums[said.lowerBound + 1].crossing
        let unity = exponential(-0.55 * crossed)
        let whole = filled * unity * (1 - 0.7 * min(1, 2 * sum.dull / words))
        let wanted = hasTopic ? 0.35 + 0.65 * min(1, 2.5 * sum.wanted / count) : 1

        let opening = 0.65 * first.hook + 0.2 * second + 0.15 * opens
        let lively = 0.3 * density(sum.lively, 1.5) + 0.15 * (sum.rate / count)
        let heard = 0.3 * sums.loudness(in: span) + 0.2 * sums.liveliness(in: span)
        let content = 0.55 * (sum.centrality / words) + 0.45 * density(sum.telling, 1.2)
        let shared = 0.35 * opens + 0.35 * closes + 0.3 * density(sum.story, 1.5)
        func points(_ strength: Double) -> Double { min(25, 25 * strength * (0.35 + 0.65 * whole) * wanted) }
        return Points(
            hook: points(0.2 + 0.9 * opening), engagement: points(0.25 + lively + heard),
            value: points(0.15 + 0.85 * content), shareability: points(0.15 + 0.85 * shared))
    }

    /// How an opening with these cues catches its audience.
    static func hookType(of cues: RankingCues) -> HookType {
        if cues.contains(.question) { return .question }
        if cues.contains(.number) { return .statistic }
        if cues.contains(.story) { return .story }
        if cues.contains(.contrast) { return .contrast }
        return cues.isDisjoint(with: [.strong, .secondPerson, .opener]) ? .none : .statement
    }
}

/// Sums of the features of sentences.
private struct FeatureSums {
    var words = 0.0
    var seconds = 0.0
    var centrality = 0.0
    var rate = 0.0
    var lively = 0.0
    var telling = 0.0
    var story = 0.0
    var dull = 0.0
    var wanted = 0.0
    var crossing = 0.0

    mutating func add(_ features: SentenceFeatures, _ sentence: Sentence, crossing firmness: Double) {
        let count = Double(sentence.words.count)
        func has(_ cue: RankingCues) -> Double { features.cues.contains(cue) ? 1 : 0 }
        words += count
        seconds += sentence.span.duration
        centrality += features.centrality * count
        rate += features.rate
        lively += has(.question) + has(.secondPerson) + (features.turn ? 1 : 0)
        telling += has(.number) + has(.contrast) + has(.strong)
        story += has(.story)
        dull += has(.dull) * count
        wanted += features.wanted
        // A weak border is the ordinary end of a sentence.
        crossing += max(0, firmness - 0.45) / 0.55
    }

    static func - (first: FeatureSums, second: FeatureSums) -> FeatureSums {
        var result = first
        result.words -= second.words
        result.seconds -= second.seconds
        result.centrality -= second.centrality
        result.rate -= second.rate
        result.lively -= second.lively
        result.telling -= second.telling
        result.story -= second.story
        result.dull -= second.dull
        result.wanted -= second.wanted
        result.crossing -= second.crossing
        return result
    }
}

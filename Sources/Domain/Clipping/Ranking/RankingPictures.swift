/// Chooses by what is seen and heard where nothing is said.
struct RankingPictures {
    let signals: RankingSignals
    let sums: SignalSums

    /// The liveliest spans, best first; never empty for a recording of any length.
    func spans(for options: ClipOptions) -> [TimeSpan] {
        let length = min(max(options.minDuration, min(options.maxDuration, 20)), signals.duration)
        let step = max(0.5, length / 16, signals.duration / 20_000)
        var starts = Array(stride(from: 0, through: signals.duration - length, by: step))
        // A clip that opens with a new scene needs no explanation.
        starts += signals.pictures.cuts.filter { $0 + length <= signals.duration }
        let sorted = starts.map { start in
            let span = TimeSpan(start: start, end: start + length)
            return (span: span, strength: strength(of: span))
        }.sorted { ($1.strength, $0.span.start) < ($0.strength, $1.span.start) }
        var chosen: [TimeSpan] = []
        for candidate in sorted where chosen.count < options.count {
            if chosen.allSatisfy({ $0.overlap(with: candidate.span) == 0 }) { chosen.append(candidate.span) }
        }
        return chosen
    }

    /// A span without speech, with its score and what is to be seen.
    func highlight(of span: TimeSpan, chosenByHand: Bool) -> Highlight {
        let lively = sums.liveliness(in: span)
        let loud = sums.loudness(in: span)
        let opens = sums.isCut(near: span.start, within: 0.5) ? 1.0 : 0
        func points(_ strength: Double) -> Int { Int((25 * min(1, strength)).rounded()) }
        let cuts = sums.cutCount(in: span)
        let chosen =
            chosenByHand ? "Chosen by hand; nothing is said in it" : "Nothing is said; the pictures decided"
        return Highlight(
            span: span, title: "Scene from \(Self.clock(span.start)) to \(Self.clock(span.end))", text: "",
            score: HighlightScore(
                hook: points(0.15 + 0.35 * opens + 0.3 * lively),
                engagement: points(0.2 + 0.6 * lively + 0.2 * loud),
                value: points(0.2 + 0.2 * lively), shareability: points(0.2 + 0.4 * lively + 0.2 * opens)),
            hookType: .none,
            reasoning:
                "\(chosen): \(lively > 0.6 ? "much" : lively > 0.3 ? "something" : "little") moves, and "
                + (cuts == 1 ? "the scene changes once." : "the scene changes \(cuts) times."))
    }

    private func strength(of span: TimeSpan) -> Double {
        0.7 * sums.liveliness(in: span) + 0.3 * sums.loudness(in: span)
            + (sums.isCut(near: span.start + 0.1, within: 0.15) ? 0.1 : 0)
    }

    /// `m:ss`, or `h:mm:ss` from an hour on.
    private static func clock(_ seconds: Double) -> String {
        let whole = Int(nearest: seconds.rounded(.down))
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let hours = whole / 3600
        return hours > 0
            ? "\(hours):\(two(whole / 60 % 60)):\(two(whole % 60))" : "\(whole / 60):\(two(whole % 60))"
    }
}

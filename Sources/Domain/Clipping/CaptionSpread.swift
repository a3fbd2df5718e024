/// Gives words times where captions only time whole lines: a forced spread over the speech that was heard.
///
/// The words of an entry fill the stretches of its time in which something is heard, each in proportion to its
/// length in letters; a word is put wholly into one such stretch. It needs no acoustic model and knows no
/// language.
public struct CaptionSpread {
    /// A silence shorter than this is a gap within a word group, in seconds.
    static let leastSilence = 0.2
    /// The slowest speech that is assumed, in seconds a letter; the rest of a long entry stays silent.
    static let slowestLetter = 0.2
    /// What every word takes besides its letters, in letters.
    static let wordOverhead = 1.5

    private let silences: [TimeSpan]

    /// A spread that avoids `silences`, which stand in order; none when the sound is unknown.
    public init(silences: [TimeSpan]) {
        self.silences = silences.filter { $0.duration >= Self.leastSilence }
    }

    /// The words of all entries with their times.
    ///
    /// - Parameter cues: The entries in the order of their times.
    public func words(of cues: [CaptionCue]) -> [Word] {
        Self.parted(cues).flatMap { $0.words.isEmpty ? spread($0) : $0.words }
    }

    /// The entries without overlaps: one that the next cuts into ends there, and those that stand together
    /// share their time as one.
    static func parted(_ cues: [CaptionCue]) -> [CaptionCue] {
        var result: [CaptionCue] = []
        for cue in cues {
            guard let last = result.last, cue.span.start < last.span.end, cue.words.isEmpty,
                last.words.isEmpty
            else {
                result.append(cue)
                continue
            }
            result.removeLast()
            let remaining = cue.span.start - last.span.start
            if remaining * 2 >= last.span.duration || remaining >= 1 {
                let shortened = TimeSpan(start: last.span.start, end: cue.span.start)
                result.append(CaptionCue(span: shortened, text: last.text, speaker: last.speaker))
                result.append(cue)
            } else {
                let both = TimeSpan(start: last.span.start, end: max(last.span.end, cue.span.end))
                let text = last.text == cue.text ? last.text : last.text + "\n" + cue.text
                result.append(
                    CaptionCue(
                        // What nobody can say in that time is left out, as in one entry.
                        span: both, text: text.first(bytes: CaptionFileLimits.mostTextBytes),
                        speaker: last.speaker ?? cue.speaker))
            }
        }
        return result
    }

    private func spread(_ cue: CaptionCue) -> [Word] {
        let texts = cue.text.writtenWords
        guard !texts.isEmpty else { return [] }
        let weights = texts.map { Double($0.count) + Self.wordOverhead }
        let stretches = heard(in: cue.span, atMost: weights.reduce(0, +) * Self.slowestLetter)
        let total = stretches.reduce(0) { $0 + $1.duration }
        let perWeight = total / weights.reduce(0, +)

        // Each word goes to the stretch in which its middle falls; then each stretch is shared out anew.
        var groups = Array(repeating: [Int](), count: stretches.count)
        var position = 0.0
        var stretch = 0
        var passed = 0.0
        for index in texts.indices {
            let middle = position + weights[index] * perWeight / 2
            while stretch + 1 < stretches.count, middle >= passed + stretches[stretch].duration {
                passed += stretches[stretch].duration
                stretch += 1
            }
            groups[stretch].append(index)
            position += weights[index] * perWeight
        }
        return zip(stretches, groups).flatMap { stretch, members in
            let share = members.reduce(0) { $0 + weights[$1] }
            var time = stretch.start
            return members.map { index in
                let end = time + stretch.duration * weights[index] / share
                defer { time = end }
                return Word(text: texts[index], span: TimeSpan(start: time, end: end), speaker: cue.speaker)
            }
        }
    }

    /// The stretches of `span` in which something is heard, at most `seconds` of them; all of it where nothing
    /// is.
    private func heard(in span: TimeSpan, atMost seconds: Double) -> [TimeSpan] {
        var stretches: [TimeSpan] = []
        var time = span.start
        for silence in silences[firstSilence(after: span.start)...] {
            guard silence.start < span.end else { break }
            if silence.start > time { stretches.append(TimeSpan(start: time, end: silence.start)) }
            time = max(time, silence.end)
        }
        if time < span.end { stretches.append(TimeSpan(start: time, end: span.end)) }
        // What remains of a breath before a silence holds no word.
        let useful = stretches.filter { $0.duration >= 0.08 }
        var left = max(seconds, 0.1)
        var bounded: [TimeSpan] = []
        for stretch in useful.isEmpty ? [span] : useful where left > 0.05 {
            bounded.append(TimeSpan(start: stretch.start, end: min(stretch.end, stretch.start + left)))
            left -= stretch.duration
        }
        return bounded
    }

    /// The first silence that ends after `moment`, by bisection.
    private func firstSilence(after moment: Double) -> Int {
        var range = 0..<silences.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            range =
                silences[middle].end > moment
                ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return range.lowerBound
    }
}

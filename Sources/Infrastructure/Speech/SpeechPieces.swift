package import Application
package import Domain

/// A stretch of the sound that is recognised on its own.
package struct SpeechPiece: Hashable, Sendable {
    /// The sound that is handed to the recogniser, in seconds of the source.
    package let heard: TimeSpan
    /// The part of it whose words count; the rest is shared with the neighbours where no silence parts them.
    package let counted: TimeSpan
}

/// Cuts long sound into pieces at silences, and joins what was recognised in them.
package enum SpeechPieces {
    /// How much two pieces share where they had to be cut within speech, in seconds on either side.
    package static let overlap = 2.0
    /// How far two recognitions of one word may differ in time, in seconds.
    static let seamTolerance = 0.6
    /// Stretches without any sound that are longer than this are not recognised at all, in seconds.
    static let skippedSilence = 5.0
    /// The silence that is kept around speech, in seconds.
    static let margin = 0.5

    /// Recognisers refuse sounds of less than a tenth of a second and make little of less than this, in
    /// seconds: a tail as short goes with the piece before it.
    static let shortestTail = 1.0

    /// The pieces of a recording, none longer than `longest` besides a short tail and what it shares with its
    /// neighbours; what is silent throughout is in none.
    package static func plan(duration: Double, silences: [TimeSpan], longest: Double) -> [SpeechPiece] {
        stretches(duration: duration, silences: silences)
            .flatMap { cut($0, duration: duration, silences: silences, longest: max(1, longest)) }
    }

    /// The pieces of a source's sound.
    package static func plan(_ audio: SpeechAudio, longest: Double) -> [SpeechPiece] {
        plan(duration: audio.duration, silences: audio.silences, longest: longest)
    }

    /// What is left when long silences are taken out.
    private static func stretches(duration: Double, silences: [TimeSpan]) -> [TimeSpan] {
        var stretches: [TimeSpan] = []
        var start = 0.0
        for silence in silences where silence.duration > skippedSilence {
            // Up to the very start or end of the recording there is nothing to keep a margin for.
            let end = silence.start <= 0 ? 0 : silence.start + margin
            if end > start { stretches.append(TimeSpan(start: start, end: end)) }
            start = silence.end >= duration ? duration : silence.end - margin
        }
        if duration - start > 0.1 { stretches.append(TimeSpan(start: start, end: duration)) }
        return stretches
    }

    private static func cut(
        _ stretch: TimeSpan, duration: Double, silences: [TimeSpan], longest: Double
    ) -> [SpeechPiece] {
        let middles = silences.map { ($0.start + $0.end) / 2 }.filter {
            $0 > stretch.start && $0 < stretch.end
        }
        var pieces: [SpeechPiece] = []
        var start = stretch.start
        var sharesStart = false
        var next = 0
        while start < stretch.end {
            var end = stretch.end
            var sharesEnd = false
            if end - start > longest + shortestTail {
                while next < middles.count, middles[next] <= start + longest / 2 { next += 1 }
                var last: Double?
                while next < middles.count, middles[next] <= start + longest {
                    last = middles[next]
                    next += 1
                }
                sharesEnd = last == nil
                end = last ?? start + longest
            }
            let heard = TimeSpan(
                start: max(0, start - (sharesStart ? overlap : 0)),
                end: min(duration, end + (sharesEnd ? overlap : 0)))
            pieces.append(SpeechPiece(heard: heard, counted: TimeSpan(start: start, end: end)))
            (start, sharesStart) = (end, sharesEnd)
        }
        return pieces
    }

    /// The words of all pieces in one order, none lost and none doubled.
    ///
    /// Each piece's words are in seconds of the source. Where two pieces share sound, a word that both
    /// recognised at the same time near the cut is the seam; without one the cut itself is.
    package static func stitch(_ parts: [(piece: SpeechPiece, words: [Word])]) -> [Word] {
        var result: [Word] = []
        var previous: SpeechPiece?
        for part in parts.sorted(by: { $0.piece.counted.start < $1.piece.counted.start }) {
            let words = part.words.sorted { $0.span.start < $1.span.start }
            if let previous, previous.heard.end > part.piece.heard.start + 0.001 {
                let shared = TimeSpan(start: part.piece.heard.start, end: previous.heard.end)
                result = joined(result, words, cut: part.piece.counted.start, shared: shared)
            } else {
                result += words
            }
            previous = part.piece
        }
        return result
    }

    private static func joined(_ left: [Word], _ right: [Word], cut: Double, shared: TimeSpan) -> [Word] {
        func middle(_ word: Word) -> Double { (word.span.start + word.span.end) / 2 }
        let leftShared = left.indices.reversed().prefix { left[$0].span.end > shared.start - seamTolerance }
        let rightShared = right.indices.prefix { right[$0].span.start < shared.end + seamTolerance }
        var seam: (left: Int, right: Int, distance: Double)?
        for one in leftShared {
            for other in rightShared
            where left[one].text.plainWord == right[other].text.plainWord
                && abs(middle(left[one]) - middle(right[other])) < seamTolerance
            {
                let distance = abs(middle(left[one]) - cut)
                if seam.map({ distance < $0.distance }) ?? true { seam = (one, other, distance) }
            }
        }
        if let seam { return Array(left[...seam.left]) + right[(seam.right + 1)...] }
        let kept = left.filter { middle($0) < cut }
        // A word that only the right one puts before the cut is not lost, unless the left one spoke there.
        let spokenUntil = kept.last?.span.end ?? -.infinity
        return kept + right.filter { middle($0) >= min(cut, spokenUntil) && $0.span.end > spokenUntil }
    }
}

extension [Word] {
    /// The words later by `seconds`, within `bounds`.
    func moved(by seconds: Double, within bounds: TimeSpan) -> [Word] {
        map { word in
            let span = TimeSpan(start: word.span.start + seconds, end: word.span.end + seconds)
            return Word(
                text: word.text, span: span.clamped(to: bounds), confidence: word.confidence,
                speaker: word.speaker)
        }
    }
}

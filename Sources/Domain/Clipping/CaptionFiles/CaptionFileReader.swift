/// Reads caption files as they are met in the wild.
///
/// It takes byte order marks, UTF-16, Windows-1252, any line ending, missing hours, commas or points, markup,
/// entities, entries that overlap or stand out of order, and the rolling lines of automatic WebVTT captions.
/// It refuses files that are too large, hold no entry, or give a time that cannot be read; the refusal names
/// the line.
public struct CaptionFileReader {
    private let format: CaptionFileFormat

    /// A reader of one format.
    public init(format: CaptionFileFormat) {
        self.format = format
    }

    /// The entries of a file, in the order of their times.
    ///
    /// - Throws: ``MediaError/captionsUnreadable(_:)``, which names the line.
    public func cues(of bytes: [UInt8]) throws(MediaError) -> [CaptionCue] {
        guard bytes.count <= CaptionFileLimits.mostBytes else {
            throw CaptionFileLimits.tooManyBytes
        }
        let lines = try CaptionFileText.lines(of: bytes)
        let raw =
            switch format {
            case .srt, .vtt: try CueBlocks(lines: lines).read()
            case .ass: try DialogueLines(lines: lines).read()
            }
        let cues = RollingCaptions(cues: raw).unrolled().compactMap { $0.cue() }
            .sorted { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) }
        guard !cues.isEmpty else {
            throw .captionsUnreadable("line \(max(1, lines.count)): the file ends without any caption")
        }
        return cues
    }
}

/// An entry as it stands in the file: lines with markup.
struct RawCue {
    var span: TimeSpan
    var lines: [CaptionMarkup.Line]

    /// The entry without markup; nil when nothing is left of it.
    func cue() -> CaptionCue? {
        let text = lines.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n")
        guard !text.isEmpty else { return nil }
        let speaker = lines.lazy.compactMap(\.speaker).first
        return CaptionCue(span: span, text: text, speaker: speaker, words: timedWords(speaker: speaker))
    }

    /// The words with the times that stand between them, where every line but plain repeats has some.
    private func timedWords(speaker: Speaker?) -> [Word] {
        guard lines.contains(where: { $0.runs.contains { $0.start != nil } }) else { return [] }
        var starts: [(text: String, start: Double)] = []
        var time = span.start
        for run in lines.flatMap(\.runs) {
            time = max(time, run.start ?? time)
            starts += run.text.writtenWords.map { ($0, time) }
        }
        var words: [Word] = []
        var index = 0
        while index < starts.count {
            // Words between the same two times share that stretch evenly.
            let group = starts[index...].prefix { $0.start == starts[index].start }
            let next = group.endIndex < starts.count ? starts[group.endIndex].start : max(span.end, time)
            let each = min((next - group[index].start) / Double(group.count), 1.5)
            for (place, entry) in group.enumerated() {
                let start = entry.start + Double(place) * each
                words.append(
                    Word(text: entry.text, span: TimeSpan(start: start, end: start + each), speaker: speaker))
            }
            index = group.endIndex
        }
        return words
    }
}

/// Automatic captions show each line twice: as it is spoken, and again above the next one.
struct RollingCaptions {
    /// Shorter than anybody speaks a line, in seconds; the entries in between last 0.01 s.
    private static let instant = 0.1

    let cues: [RawCue]

    /// The entries without the lines that only roll up.
    func unrolled() -> [RawCue] {
        guard isRolling else { return cues }
        var result: [RawCue] = []
        var shown: Set<String> = []
        for cue in cues {
            var cue = cue
            let texts = cue.lines.map(\.text).filter { !$0.isEmpty }
            cue.lines.removeAll { line in
                line.text.isEmpty || shown.contains(line.text) && line.runs.allSatisfy { $0.start == nil }
            }
            shown = Set(texts)
            if !cue.lines.isEmpty { result.append(cue) }
        }
        return result
    }

    /// Whether many entries begin with the line that the one before ended with, and show it above another or for
    /// an instant only: a line that stands alone again is said again.
    private var isRolling: Bool {
        guard cues.count >= 3 else { return false }
        let repeats = zip(cues, cues.dropFirst()).count { former, latter in
            guard let line = former.lines.last(where: { !$0.text.isEmpty })?.text else { return false }
            let shown = latter.lines.filter { !$0.text.isEmpty }
            return shown.first?.text == line && (shown.count > 1 || latter.span.duration < Self.instant)
        }
        return repeats * 3 >= cues.count
    }
}

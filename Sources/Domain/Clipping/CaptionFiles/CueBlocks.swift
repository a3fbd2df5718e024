/// Reads SubRip and WebVTT, which differ less than their names: blocks with a line of two times and an arrow.
struct CueBlocks {
    let lines: [CaptionFileText.Line]

    func read() throws(MediaError) -> [RawCue] {
        var cues: [RawCue] = []
        var index = 0
        var skipsBlock = false
        while index < lines.count {
            let line = lines[index]
            index += 1
            if line.isBlank {
                skipsBlock = false
                continue
            }
            if ["NOTE", "STYLE", "REGION"].contains(String(line.text.prefix { $0.isLetter })), !line.hasArrow
            {
                skipsBlock = true
            }
            guard !skipsBlock, line.hasArrow else { continue }
            let span = try times(line)
            var texts: [CaptionMarkup.Line] = []
            var room = CaptionFileLimits.mostTextBytes
            // A blank line ends an entry, except where a missing one let the next entry's times follow at once.
            while index < lines.count, !lines[index].text.isEmpty, !startsCue(at: index) {
                if room > 0 { texts.append(CaptionMarkup.plain(lines[index].text.first(bytes: room))) }
                room -= lines[index].text.utf8.count + 1
                index += 1
            }
            cues.append(RawCue(span: span, lines: CaptionMarkup.spoken(texts)))
            guard cues.count <= CaptionFileLimits.mostCues else {
                throw .captionsUnreadable(
                    "line \(line.number): more than \(CaptionFileLimits.mostCues) captions")
            }
        }
        return cues
    }

    /// Whether an entry starts here: a line of times, or the entry's number right before one.
    private func startsCue(at index: Int) -> Bool {
        if lines[index].hasArrow { return true }
        return index + 1 < lines.count && lines[index + 1].hasArrow
            && lines[index].text.allSatisfy { $0.isNumber || $0.isWhitespace }
    }

    private func times(_ line: CaptionFileText.Line) throws(MediaError) -> TimeSpan {
        // The times, the arrow and WebVTT's settings are parted by white space, in practice not always.
        let fields = line.text.split(whereSeparator: { $0.isWhitespace || $0 == ">" })
            .map { $0.drop { $0 == "-" } }.filter { !$0.isEmpty }
        let first = fields.first.map { $0.prefix { $0 != "-" } }
        guard fields.count >= 2, let first, let start = CaptionTime.seconds(first),
            let end = CaptionTime.seconds(fields[1])
        else {
            throw .captionsUnreadable(
                "line \(line.number): “\(line.text.first(bytes: 60))” is no pair of times")
        }
        return TimeSpan(start: start, end: end)
    }
}

extension CaptionFileText.Line {
    /// Whether it holds the arrow between two times: followed by a digit, as running text hardly does.
    fileprivate var hasArrow: Bool {
        var dashes = 0
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == "-" {
                dashes += 1
            } else if text[index] == ">", dashes >= 2 {
                return text.contains(":") || text.first?.isNumber == true
            } else {
                dashes = 0
            }
            index = text.index(after: index)
        }
        return false
    }
}

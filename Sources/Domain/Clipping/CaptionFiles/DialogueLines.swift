/// Reads Advanced SubStation Alpha: the `Dialogue:` lines of its `[Events]` section.
struct DialogueLines {
    let lines: [CaptionFileText.Line]

    /// Where the fields of an event stand.
    private struct Layout {
        var count = 10
        var start = 1
        var end = 2
        var name: Int? = 4
        var text = 9

        init() {}

        /// The layout that a `Format:` line gives; nil for a line about something else than events.
        init?(format: Substring) {
            let names = format.split(separator: ",").map { String($0).spacesCollapsed.lowercased() }
            guard let start = names.firstIndex(of: "start"), let end = names.firstIndex(of: "end"),
                let text = names.firstIndex(of: "text")
            else { return nil }
            (count, self.start, self.end, self.text) = (names.count, start, end, text)
            name = names.firstIndex(of: "name")
        }
    }

    func read() throws(MediaError) -> [RawCue] {
        var layout = Layout()
        var cues: [RawCue] = []
        for line in lines {
            guard let colon = line.text.firstIndex(of: ":") else { continue }
            let kind = String(line.text[..<colon]).spacesCollapsed.lowercased()
            let body = line.text[line.text.index(after: colon)...]
            if kind == "format" {
                layout = Layout(format: body) ?? layout
            } else if kind == "dialogue" {
                cues.append(try event(body, layout: layout, number: line.number))
                guard cues.count <= CaptionFileLimits.mostCues else {
                    throw .captionsUnreadable(
                        "line \(line.number): more than \(CaptionFileLimits.mostCues) captions")
                }
            }
        }
        return cues
    }

    private func event(_ body: Substring, layout: Layout, number: Int) throws(MediaError) -> RawCue {
        // The text is the last field and may hold commas.
        let values = body.split(
            separator: ",", maxSplits: layout.count - 1, omittingEmptySubsequences: false)
        func value(_ place: Int) -> Substring { place < values.count ? values[place] : "" }
        guard let start = CaptionTime.seconds(String(value(layout.start)).spacesCollapsed),
            let end = CaptionTime.seconds(String(value(layout.end)).spacesCollapsed)
        else {
            throw .captionsUnreadable("line \(number): the start or end of the dialogue is no time")
        }
        let name = layout.name.map { String(value($0)).spacesCollapsed } ?? ""
        let lines = CaptionMarkup.events(
            String(value(layout.text)).first(bytes: CaptionFileLimits.mostTextBytes),
            speaker: Speaker(caption: name))
        return RawCue(span: TimeSpan(start: start, end: end), lines: CaptionMarkup.spoken(lines))
    }
}

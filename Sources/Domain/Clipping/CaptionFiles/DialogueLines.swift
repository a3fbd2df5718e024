/// Reads Advanced SubStation Alpha: the `Dialogue:` lines of its `[Events]` section.
struct DialogueLines {
    let lines: [CaptionFileText.Line]

    func read() throws(MediaError) -> [RawCue] {
        var fields = [
            "layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text",
        ]
        var cues: [RawCue] = []
        for line in lines {
            guard let colon = line.text.firstIndex(of: ":") else { continue }
            let kind = String(line.text[..<colon]).spacesCollapsed.lowercased()
            let body = line.text[line.text.index(after: colon)...]
            if kind == "format" {
                let named = body.split(separator: ",").map { String($0).spacesCollapsed.lowercased() }
                if named.contains("text"), named.contains("start") { fields = named }
            } else if kind == "dialogue" {
                cues.append(try event(body, fields: fields, number: line.number))
                guard cues.count <= CaptionFileLimits.mostCues else {
                    throw .captionsUnreadable(
                        "line \(line.number): more than \(CaptionFileLimits.mostCues) captions")
                }
            }
        }
        return cues
    }

    private func event(_ body: Substring, fields: [String], number: Int) throws(MediaError) -> RawCue {
        // The text is the last field and may hold commas.
        let values = body.split(separator: ",", maxSplits: fields.count - 1, omittingEmptySubsequences: false)
        func value(_ name: String) -> Substring? {
            fields.firstIndex(of: name).flatMap { $0 < values.count ? values[$0] : nil }
        }
        guard let start = value("start").flatMap({ CaptionTime.seconds(String($0).spacesCollapsed) }),
            let end = value("end").flatMap({ CaptionTime.seconds(String($0).spacesCollapsed) })
        else {
            throw .captionsUnreadable("line \(number): the start or end of the dialogue is no time")
        }
        let name = value("name").map { String($0).spacesCollapsed } ?? ""
        let speaker = name.isEmpty ? nil : Speaker(label: name)
        let lines = CaptionMarkup.events(value("text") ?? "", speaker: speaker)
        return RawCue(span: TimeSpan(start: start, end: end), lines: lines)
    }
}

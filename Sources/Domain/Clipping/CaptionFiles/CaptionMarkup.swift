/// Takes the markup out of a line of captions.
enum CaptionMarkup {
    /// A stretch of text and the time that stands before it.
    struct Run: Hashable {
        var start: Double?
        var text: String
    }

    /// A line without its markup.
    struct Line: Hashable {
        var runs: [Run]
        var speaker: Speaker?

        var text: String { runs.map(\.text).joined().spacesCollapsed }
    }

    /// A line of SubRip or WebVTT.
    static func plain(_ line: String) -> Line {
        var runs = [Run(start: nil, text: "")]
        var speaker: Speaker?
        var rest = line[...]
        while let open = rest.firstIndex(where: { $0 == "<" || $0 == "{" }) {
            runs[runs.count - 1].text += rest[..<open]
            let mark = rest[open]
            let close: Character = mark == "<" ? ">" : "}"
            // No tag begins within another, so no part of a line is searched again and again.
            let inside = rest[rest.index(after: open)...]
            guard let end = inside.firstIndex(where: { $0 == close || $0 == mark }), rest[end] == close,
                isTag(rest[open..<end])
            else {
                runs[runs.count - 1].text.append(mark)
                rest = inside
                continue
            }
            let tag = inside[..<end]
            if let time = CaptionTime.seconds(tag) {
                runs.append(Run(start: time, text: ""))
            } else if let name = voice(tag) {
                speaker = Speaker(caption: decoded(name))
            }
            rest = rest[rest.index(after: end)...]
        }
        runs[runs.count - 1].text += rest
        return Line(runs: runs.map { Run(start: $0.start, text: decoded($0.text)) }, speaker: speaker)
    }

    /// The text of an Advanced SubStation Alpha event: overrides in braces, `\N` for a new line; a part that
    /// draws (`\p1`) is no text.
    static func events(_ text: String, speaker: Speaker?) -> [Line] {
        var plain = ""
        var draws = false
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if !draws { plain += rest[..<open] }
            for tag in rest[open..<close].split(separator: "\\") where tag.first == "p" {
                if let level = Int(tag.dropFirst()) { draws = level > 0 }
            }
            rest = rest[rest.index(after: close)...]
        }
        if !draws { plain += rest }
        return lines(breakingAt: plain).map { Line(runs: [Run(start: nil, text: $0)], speaker: speaker) }
    }

    /// Breaks at `\N` and `\n`, and makes `\h` a space.
    private static func lines(breakingAt text: String) -> [String] {
        var lines = [""]
        var escaped = false
        for character in text {
            switch (escaped, character) {
            case (false, "\\"): escaped = true
            case (true, "N"), (true, "n"):
                lines.append("")
                escaped = false
            case (true, "h"):
                lines[lines.count - 1] += " "
                escaped = false
            case (true, _):
                lines[lines.count - 1] += "\\\(character)"
                escaped = false
            default: lines[lines.count - 1].append(character)
            }
        }
        return lines
    }

    /// Whether `<` or `{` opens markup: a letter, a slash, a digit or a backslash follows, as in `<i>`, `</c>`,
    /// `<00:01.000>`, `{\an8}`; `a < b` is text.
    private static func isTag(_ text: Substring) -> Bool {
        guard let next = text.dropFirst().first else { return false }
        return text.first == "{" ? next == "\\" : next.isLetter || next == "/" || next.isNumber
    }

    /// The name in a WebVTT voice tag, `v.loud Mary` → `Mary`.
    private static func voice(_ tag: Substring) -> String? {
        guard tag.first == "v", let space = tag.firstIndex(of: " "),
            tag.dropFirst().first.map({ $0 == "." || $0 == " " }) == true
        else { return nil }
        let name = String(tag[tag.index(after: space)...]).spacesCollapsed
        return name.isEmpty ? nil : name
    }

    private static let entities: [String: Character] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "lrm": "\u{200E}",
        "rlm": "\u{200F}", "hellip": "…", "ndash": "–", "mdash": "—", "lsquo": "‘", "rsquo": "’",
        "ldquo": "“", "rdquo": "”",
    ]

    static func decoded(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var result = ""
        var rest = text[...]
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            rest = rest[ampersand...]
            guard let end = rest.prefix(12).firstIndex(of: ";"),
                let character = entity(rest[rest.index(after: ampersand)..<end])
            else {
                result += "&"
                rest = rest.dropFirst()
                continue
            }
            result.append(character)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func entity(_ name: Substring) -> Character? {
        guard name.first == "#" else { return entities[String(name)] }
        let digits = name.dropFirst()
        let hexadecimal = digits.first == "x" || digits.first == "X"
        let value = hexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap(Unicode.Scalar.init).map(Character.init)
    }

    /// Takes out of an entry what nobody says: `[music]`, notes, the dash or `>>` that marks a change of the
    /// speaker, and lines that are wholly in parentheses.
    ///
    /// A bracket may close on a later line; one that stays open is text.
    static func spoken(_ lines: [Line]) -> [Line] {
        var closings = lines.lazy.flatMap(\.runs).reduce(0) { $0 + $1.text.count { $0 == "]" } }
        var inBrackets = false
        return lines.map { line in
            var line = line
            for index in line.runs.indices {
                var text = ""
                for character in line.runs[index].text {
                    switch character {
                    case "[" where closings > 0: inBrackets = true
                    case "]":
                        inBrackets = false
                        closings -= 1
                    case "♪", "♫", "\u{200E}", "\u{200F}", "\u{FEFF}": continue
                    default: if !inBrackets { text.append(character) }
                    }
                }
                line.runs[index].text = text
            }
            return withoutMarks(line)
        }
    }

    private static func withoutMarks(_ line: Line) -> Line {
        var line = line
        if let first = line.runs.firstIndex(where: { $0.text.contains { !$0.isWhitespace } }) {
            let text = line.runs[first].text.drop(while: \.isWhitespace)
            for mark in [">>>", ">>", "- ", "– ", "— "] where text.hasPrefix(mark) {
                line.runs[first].text = String(text.dropFirst(mark.count))
                break
            }
        }
        let text = line.text
        let isAside = text.first == "(" && text.last == ")"
        return isAside ? Line(runs: [Run(start: nil, text: "")], speaker: line.speaker) : line
    }
}

extension Speaker {
    /// The speaker that a caption file names; nil for no name.
    init?(caption name: String) {
        guard !name.isEmpty else { return nil }
        self.init(label: name.first(bytes: CaptionFileLimits.mostNameBytes))
    }
}

extension String {
    /// Itself with single spaces between its words and none around them.
    package var spacesCollapsed: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Itself, or what stands whole in its first `count` bytes.
    func first(bytes count: Int) -> String {
        // An index within a letter means the one at its start.
        utf8.count <= count ? self : String(self[..<utf8.index(utf8.startIndex, offsetBy: count)])
    }
}

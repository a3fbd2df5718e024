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
        var rest = bounded(line)[...]
        while let open = rest.firstIndex(where: { $0 == "<" || $0 == "{" }) {
            runs[runs.count - 1].text += rest[..<open]
            let close: Character = rest[open] == "<" ? ">" : "}"
            guard let end = rest[open...].firstIndex(of: close), isTag(rest[open..<end]) else {
                runs[runs.count - 1].text.append(rest[open])
                rest = rest[rest.index(after: open)...]
                continue
            }
            let tag = rest[rest.index(after: open)..<end]
            if let time = CaptionTime.seconds(tag) {
                runs.append(Run(start: time, text: ""))
            } else if let name = voice(tag) {
                speaker = Speaker(label: decoded(name))
            }
            rest = rest[rest.index(after: end)...]
        }
        runs[runs.count - 1].text += rest
        return spoken(runs.map { Run(start: $0.start, text: decoded($0.text)) }, speaker: speaker)
    }

    /// The text of an Advanced SubStation Alpha event: overrides in braces, `\N` for a new line; a part that
    /// draws (`\p1`) is no text.
    static func events(_ text: some StringProtocol, speaker: Speaker?) -> [Line] {
        var plain = ""
        var draws = false
        var rest = bounded(String(text))[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if !draws { plain += rest[..<open] }
            for tag in rest[open..<close].split(separator: "\\") where tag.first == "p" {
                if let level = Int(tag.dropFirst()) { draws = level > 0 }
            }
            rest = rest[rest.index(after: close)...]
        }
        if !draws { plain += rest }
        return lines(breakingAt: plain).map { spoken([Run(start: nil, text: $0)], speaker: speaker) }
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

    private static func bounded(_ line: String) -> String {
        line.utf8.count <= CaptionFileLimits.mostTextBytes
            ? line : String(decoding: line.utf8.prefix(CaptionFileLimits.mostTextBytes), as: UTF8.self)
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

    /// Takes out what nobody says: `[music]`, notes, the dash or `>>` that marks a change of the speaker, and
    /// lines that are wholly in parentheses.
    private static func spoken(_ runs: [Run], speaker: Speaker?) -> Line {
        var inBrackets = false
        var runs = runs.map { run in
            var text = ""
            for character in run.text {
                switch character {
                case "[": inBrackets = true
                case "]": inBrackets = false
                case "♪", "♫", "\u{200E}", "\u{200F}", "\u{FEFF}": continue
                default: if !inBrackets { text.append(character) }
                }
            }
            return Run(start: run.start, text: text)
        }
        if inBrackets { runs[0].text = runs.map(\.text).joined() }
        if let first = runs.firstIndex(where: { $0.text.contains { !$0.isWhitespace } }) {
            let text = runs[first].text.drop(while: \.isWhitespace)
            for mark in [">>>", ">>", "- ", "– ", "— "] where text.hasPrefix(mark) {
                runs[first].text = String(text.dropFirst(mark.count))
                break
            }
        }
        let line = Line(runs: runs, speaker: speaker)
        let isAside = line.text.first == "(" && line.text.last == ")"
        return isAside ? Line(runs: [Run(start: nil, text: "")], speaker: speaker) : line
    }
}

extension String {
    /// Itself with single spaces between its words and none around them.
    package var spacesCollapsed: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

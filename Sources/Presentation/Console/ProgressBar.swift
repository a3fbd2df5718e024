/// A bar that shows how far a task is: drawn over itself on a terminal, told in plain lines elsewhere.
///
/// It draws nothing itself: it is told how far the work is and answers with the text to write.
package struct ProgressBar: Sendable {
    /// How far the work is.
    package struct Standing: Hashable, Sendable {
        /// What is being done, in a word.
        package let stage: String
        /// How far all of it is, 0–100.
        package let percent: Double
        /// What is being done now, in a few words.
        package let message: String
        /// How many seconds are left; nil while nobody knows.
        package let secondsLeft: Double?

        /// The message, empty when it only says the stage again.
        fileprivate var news: String { message == stage ? "" : message }

        /// How far the work is.
        package init(stage: String, percent: Double, message: String, secondsLeft: Double?) {
            self.stage = stage.onOneLine
            self.percent = min(max(percent, 0), 100)
            self.message = message.onOneLine
            self.secondsLeft = secondsLeft
        }
    }

    /// How many percent pass between two plain lines of one stage.
    private static let plainStep = 10.0
    private static let barWidth = 28

    private let terminal: Terminal
    private var lastPlain: Standing?
    private var isDrawn = false

    /// A bar for a terminal, pipe or file.
    package init(on terminal: Terminal) {
        self.terminal = terminal
    }

    /// The text that shows `standing`; nil when nothing worth a line has changed.
    package mutating func update(_ standing: Standing, width: Int) -> String? {
        guard terminal.isInteractive else { return plainLine(standing) }
        isDrawn = true
        // Carriage return, the line, and the rest of the old line erased.
        return "\r" + drawn(standing, width: width) + "\u{1B}[K"
    }

    /// The text that removes the bar, so that other lines can follow; nil when there is none.
    package mutating func clear() -> String? {
        guard isDrawn else { return nil }
        isDrawn = false
        return "\r\u{1B}[K"
    }

    private mutating func plainLine(_ standing: Standing) -> String? {
        if let last = lastPlain, last.stage == standing.stage,
            standing.percent - last.percent < Self.plainStep, standing.percent < 100 || last.percent == 100
        {
            return nil
        }
        lastPlain = standing
        let message = standing.news.isEmpty ? "" : "  \(standing.news)"
        return "\(Self.percentText(standing.percent))%  \(standing.stage)\(message)\n"
    }

    private func drawn(_ standing: Standing, width: Int) -> String {
        let stage = standing.stage.padded(to: 12)
        let percent = Self.percentText(standing.percent) + "%"
        let left = standing.secondsLeft.map { "  \(clockText(seconds: $0)) left" } ?? ""
        let room = width - stage.displayWidth - percent.displayWidth - left.displayWidth - 3
        let bar = min(Self.barWidth, max(0, room))
        // Eighths of a cell: one of eight block characters, U+258F (one eighth) to U+2588 (all of it).
        let eighths = Int(standing.percent / 100 * Double(bar * 8))
        let full = String(repeating: "█", count: eighths / 8)
        let part = eighths % 8 == 0 ? "" : String(["▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8 - 1])
        let rest = String(repeating: "░", count: max(0, bar - full.count - part.count))
        let message = room - bar > 12 ? "  " + standing.news.fitted(to: room - bar - 3) : ""
        return terminal.styled(stage, .bold) + " " + terminal.styled(full + part, .green)
            + terminal.styled(rest, .dim) + " " + percent + left + terminal.styled(message, .dim)
    }

    private static func percentText(_ percent: Double) -> String {
        let whole = String(Int(percent))
        return String(repeating: " ", count: max(0, 3 - whole.count)) + whole
    }
}

/// A length of time as people read it on a clock: `0:07`, `12:30`, `1:02:03`.
package func clockText(seconds: Double) -> String {
    let whole = Int(max(0, seconds.isFinite ? seconds.rounded() : 0))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
}

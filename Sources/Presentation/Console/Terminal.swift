import Glibc

/// Where text goes, and what it can show.
package struct Terminal: Sendable {
    /// How a piece of text stands out.
    package enum Style: String, Sendable {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    /// The descriptor that is written to.
    package let descriptor: Int32
    /// Whether a person is looking: only then lines are redrawn.
    package let isInteractive: Bool
    /// Whether colours are shown: on a terminal, unless `NO_COLOR` is set or the terminal is `dumb`.
    package let hasColour: Bool

    /// A place for text whose abilities are known.
    package init(descriptor: Int32, isInteractive: Bool, hasColour: Bool) {
        self.descriptor = descriptor
        self.isInteractive = isInteractive
        self.hasColour = hasColour
    }

    /// The terminal, pipe or file behind a descriptor.
    ///
    /// - Parameter environment: The variables of the process; `NO_COLOR` (no-color.org) and `TERM` count.
    package init(descriptor: Int32, environment: [String: String]) {
        self.descriptor = descriptor
        isInteractive = isatty(descriptor) == 1 && environment["TERM"] != "dumb"
        hasColour = isInteractive && environment["NO_COLOR", default: ""].isEmpty
    }

    /// The width in columns; 80 where nobody says.
    package var width: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// The text in a style, or as it is where there are no colours.
    package func styled(_ text: String, _ styles: Style...) -> String {
        guard hasColour, !styles.isEmpty else { return text }
        return "\u{1B}[\(styles.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
    }

    /// Writes text as it is, all of it; a reader that went away is no error.
    package func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let written = Glibc.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// Writes a line.
    package func writeLine(_ text: String = "") {
        write(text + "\n")
    }
}

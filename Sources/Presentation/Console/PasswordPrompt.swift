import Glibc

/// Asks for a password: on a terminal without showing it, elsewhere as a line of what is piped in.
package struct PasswordPrompt: Sendable {
    /// The most bytes of a line.
    private static let greatestLength = 4096

    private let descriptor: Int32
    private let terminal: Terminal

    /// A prompt that reads from `descriptor` and asks on `terminal`.
    package init(descriptor: Int32, terminal: Terminal) {
        self.descriptor = descriptor
        self.terminal = terminal
    }

    /// Whether somebody types.
    package var isInteractive: Bool { isatty(descriptor) == 1 }

    /// What is typed, or the next line; nil when there is nothing more.
    ///
    /// It blocks its thread: for commands that do nothing else meanwhile.
    ///
    /// - Throws: `CancellationError` for Ctrl-C.
    package func ask(_ question: String) throws(CancellationError) -> String? {
        var usual = termios()
        guard tcgetattr(descriptor, &usual) == 0 else { return line(endedBy: [])?.text }
        var hidden = usual
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        // Ctrl-C ends the line instead of the process, which would leave the terminal without letters.
        let interrupt = withUnsafeMutableBytes(of: &hidden.c_cc) { characters in
            characters[Int(VEOL)] = characters[Int(VINTR)]
            return characters[Int(VINTR)]
        }
        tcsetattr(descriptor, TCSAFLUSH, &hidden)
        defer {
            tcsetattr(descriptor, TCSAFLUSH, &usual)
            terminal.writeLine()
        }
        terminal.write("\(question): ")
        let typed = line(endedBy: [interrupt])
        if typed?.end == interrupt { throw CancellationError() }
        return typed?.text
    }

    private func line(endedBy ends: Set<UInt8>) -> (text: String, end: UInt8?)? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < Self.greatestLength {
            let count = read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return bytes.isEmpty ? nil : (Self.text(bytes), nil) }
            if byte == UInt8(ascii: "\n") || ends.contains(byte) { return (Self.text(bytes), byte) }
            bytes.append(byte)
        }
        return (Self.text(bytes), nil)
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}

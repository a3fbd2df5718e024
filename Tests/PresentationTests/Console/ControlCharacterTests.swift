import Presentation
import Testing

@Suite("Text from elsewhere on a terminal")
struct ControlCharacterTests {
    /// What a page's title may hold: commands to a terminal (ECMA-48), line breaks, a tab.
    private static let hostile = "a\u{1B}[2J\u{1B}]0;b\u{07}\u{9B}31m\r\nc\td\u{7F}"

    @Test("control characters are left out, line breaks and tabs become spaces, all else stays")
    func oneLine() {
        #expect(Self.hostile.onOneLine == "a[2J]0;b31m c d")
        let harmless = "Café 日本 👩‍👩‍👧 العربية\u{A0}é"
        #expect(harmless.onOneLine == harmless)
    }

    @Test("a table passes no commands on")
    func table() {
        var table = TextTable(columns: [.init("title")])
        table.add([Self.hostile])
        let terminal = Terminal(descriptor: -1, isInteractive: false, hasColour: false)
        #expect(table.lines(width: 80, for: terminal) == ["title", "a[2J]0;b31m c d"])
    }

    @Test("a bar passes no commands on", arguments: [true, false])
    func bar(isInteractive: Bool) throws {
        var bar = ProgressBar(
            on: Terminal(descriptor: -1, isInteractive: isInteractive, hasColour: false))
        let standing = ProgressBar.Standing(
            stage: "rendering", percent: 50, message: Self.hostile, secondsLeft: nil)
        let update = bar.update(standing, width: 120)
        let text = try #require(update)
        #expect(text.contains("a[2J]0;b31m c d"))
        #expect(!text.contains("\u{1B}[2J") && !text.contains("\u{1B}]"))
    }
}

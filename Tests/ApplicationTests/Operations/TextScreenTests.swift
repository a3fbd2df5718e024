import Application
import Domain
import Synchronization
import TestSupport
import Testing

@Suite("Looking at what people write")
struct TextScreenTests {
    private let log = RememberingLog()
    private static let spam = String(repeating: "ha ", count: 400)
    private static let address = "write to ada@example.org"

    private func make(_ spam: ScreeningMode, _ disclosures: ScreeningMode) -> TextScreen? {
        TextScreen(spam: spam, disclosures: disclosures, now: { 0 }, log: log)
    }

    private func look(_ screen: TextScreen, _ text: String, of user: UInt64? = 1) -> [TextScreen.Finding] {
        screen.look(
            at: text, in: "/title", of: user.map { Identifier<User>(high: 0, low: $0) }, trace: "trace")
    }

    @Test("O51: where nobody asked for it nothing looks")
    func off() {
        #expect(make(.off, .off) == nil)
    }

    @Test("O51: what is monitored is told of and taken, what is blocked is told of and refused")
    func modes() throws {
        let monitoring = try #require(make(.monitor, .monitor))
        #expect(look(monitoring, Self.spam).isEmpty && look(monitoring, Self.address).isEmpty)
        #expect(
            monitoring.counts.map { "\($0.rule) \($0.isRefused) \($0.texts)" }
                == ["email false 1", "monotony false 1", "repetition false 1"])
        #expect(log.events == ["text found wanting", "text found wanting"])

        let blocking = try #require(make(.off, .block))
        #expect(look(blocking, Self.spam).isEmpty)
        let places = look(blocking, "\(Self.address), \(Self.address)").map { finding in
            if case .disclosure(let disclosure) = finding { disclosure.range } else { 0..<0 }
        }
        #expect(places == [9..<24, 35..<50])
        #expect(blocking.counts.map { "\($0.rule) \($0.isRefused) \($0.texts)" } == ["email true 1"])

        let mixed = try #require(make(.block, .monitor))
        #expect(look(mixed, Self.spam + Self.address).count == 1)
        #expect(mixed.counts.map(\.isRefused) == [false, true, true])
    }

    @Test("O51: of ordinary texts none is refused, in whichever order and however quickly they come")
    func ordinary() throws {
        let screen = try #require(make(.block, .block))
        for text in Corpus.texts + Corpus.texts.reversed() where text != "ada+clips@example.org" {
            #expect(look(screen, text).isEmpty, "\(text)")
        }
    }

    @Test("O51: users are not held to what others write, and strangers to nothing before")
    func apart() throws {
        let screen = try #require(make(.block, .off))
        let text = "https://a.example/prizes https://b.example/prizes https://c.example/prizes win"
        for _ in 0..<3 { #expect(look(screen, text).isEmpty) }
        #expect(look(screen, text, of: 2).isEmpty)
        for _ in 0..<5 { #expect(look(screen, text, of: nil).isEmpty) }
        #expect(look(screen, text).count == 1)
    }

    @Test("O51: who was seen of late is remembered, however many come; who was not is forgotten")
    func bounded() throws {
        let screen = try #require(make(.block, .off))
        let text = "https://a.example/prizes https://b.example/prizes https://c.example/prizes win"
        for _ in 0..<3 { _ = look(screen, text) }
        for user in 2...2500 as ClosedRange<UInt64> { _ = look(screen, "hello", of: user) }
        #expect(look(screen, text).count == 1)
        for user in 3000...8000 as ClosedRange<UInt64> { _ = look(screen, "hello", of: user) }
        #expect(look(screen, text).isEmpty)
    }
}

import Infrastructure
import Testing

@Suite("Text in its composed form")
struct ComposedTextTests {
    @Test(
        "what can be composed is, what cannot stays",
        arguments: [
            ("", ""), ("plain", "plain"), ("u\u{308}ber", "\u{FC}ber"), ("\u{FC}ber", "\u{FC}ber"),
            // The sign for ångström is the letter; a ligature is its own.
            ("\u{212B}", "\u{C5}"), ("\u{FB01}", "\u{FB01}"), ("\u{1100}\u{1161}\u{11A8}", "\u{AC01}"),
            // Marks come into one order: dot below, then dot above.
            ("q\u{307}\u{323}", "q\u{323}\u{307}"),
            ("\u{1F9D1}\u{200D}\u{1F680}", "\u{1F9D1}\u{200D}\u{1F680}"),
            // Excluded from composition.
            ("\u{958}", "\u{915}\u{93C}"), ("a\0\u{65}\u{301}", "a\0\u{E9}"),
        ])
    func composes(text: String, expected: String) {
        // Swift's own comparison takes both forms for the same.
        #expect(Array(ComposedText().normalise(text).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test("a form that was made stays when it is made again")
    func idempotent() {
        let text = String((1...0x2FFF).compactMap(Unicode.Scalar.init).map(Character.init))
        let composed = ComposedText().normalise(text)
        #expect(Array(ComposedText().normalise(composed).utf8) == Array(composed.utf8))
    }
}

@Suite("Names of hosts")
struct InternationalDomainNamesTests {
    @Test(
        "a name has one form in ASCII",
        arguments: [
            ("example.org", "example.org"), ("EXAMPLE.org", "example.org"), ("localhost", "localhost"),
            ("Bücher.Example", "xn--bcher-kva.example"), ("bu\u{308}cher.example", "xn--bcher-kva.example"),
            ("XN--BCHER-KVA.example", "xn--bcher-kva.example"), ("日本語。jp", "xn--wgv71a119e.jp"),
            // Since 2008 ß and ς are letters of their own.
            ("faß.de", "xn--fa-hia.de"), ("βόλος.com", "xn--nxasmm1c.com"), ("ＡＢＣ.de", "abc.de"),
            ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"),
        ])
    func ascii(name: String, expected: String) {
        #expect(InternationalDomainNames().ascii(name) == expected)
    }

    @Test(
        "what is no name of a host is none, and never turns into another one",
        arguments: [
            "", ".", "a..b", ".example.org", "example.org.", "a_b.de", "ü_b.de", "a b.de", " a.de", "a.de ",
            "-a.de", "a-.de", "ab--cd.de", "xn--a.de", "xn--zzzzzz9999.de", "☃.net", "💩.la", "xn--ls8h.la",
            "℀.de",
            "≠.de", "ü≠.de", "\u{AD}.de", "a\u{200D}.de", "⒈.de", "אa.de", "a.de\0.org", "a/b.de", "a@b.de",
            "a:1",
            "[::1]", String(repeating: "a", count: 64) + ".de", String(repeating: "a.", count: 127) + "de",
            String(repeating: "ü", count: 60) + ".de", String(repeating: "\u{AD}", count: 2000) + "a.de",
        ])
    func none(name: String) {
        #expect(InternationalDomainNames().ascii(name) == nil)
    }
}

import Domain
import Testing

@Suite("Characters that cannot be written")
struct UnwritableCharacterTests {
    @Test(
        "words, signs, marks and scripts of all kinds can be",
        arguments: [
            "", "SELECT * FROM love; DROP the beat", "a\u{300}", "עברית\u{200F} English",
            "\u{2068}isolated\u{2069}",
            "👩‍👩‍👧‍👦", "no\u{A0}break", "\u{FEFF}", "soft\u{AD}hyphen",
        ])
    func writable(text: String) {
        #expect(UnwritableCharacter(in: text) == nil)
    }

    @Test("the first one is told with its place in code points")
    func first() {
        let found = UnwritableCharacter(in: "é👍\u{1B}[31m\u{7}")
        #expect(found?.scalar == "\u{1B}" && found?.position == 2)
        #expect(found?.explanation == "must be free of control characters: U+001B stands at 2")
    }

    @Test("controls, separators of lines and overrides of direction cannot be")
    func all() {
        let values: [UInt32] = Array(0...0x1F) + Array(0x7F...0x9F) + [0x2028, 0x2029, 0x202D, 0x202E]
        for value in values {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(UnwritableCharacter(in: "a" + String(scalar))?.position == 1)
        }
    }
}

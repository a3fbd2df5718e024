import Domain
import Testing

@Suite("Names for files")
struct SafeFilenameTests {
    @Test(
        "a name keeps what is harmless and loses the rest",
        arguments: [
            ("talk.mp4", "talk.mp4"), ("../../etc/passwd", "_.._etc_passwd"), ("/absolute", "_absolute"),
            ("a\\b:c*d?e\"f<g>h|i", "a_b_c_d_e_f_g_h_i"), (".hidden", "hidden"),
            ("line\r\nbreak", "linebreak"),
            ("nul\0byte", "nulbyte"), ("exe\u{202E}4pm.mp4", "exe4pm.mp4"), ("  name . ", "name"),
            ("", "file"),
            ("...", "file"), ("日本語 видео.mp4", "日本語 видео.mp4"), ("👩‍👩‍👧.mp4", "👩👩👧.mp4"),
        ])
    func names(given: String, expected: String) {
        #expect(given.safeFilename == expected)
    }

    @Test("a long name keeps its ending", arguments: ["a", "é", "日"])
    func long(letter: String) {
        let name = (String(repeating: letter, count: 500) + ".mp4").safeFilename
        #expect(name.utf8.count <= 200)
        #expect(name.hasSuffix("\(letter).mp4"))
        #expect((String(repeating: letter, count: 500)).safeFilename.utf8.count <= 200)
    }
}

import Presentation
import Testing

@Suite("Values of HTTP messages")
struct MessageValueTests {
    @Test("fields keep their order, compare without case, and cannot be broken out of")
    func fields() {
        var fields: HTTPFields = ["Content-Type": "text/plain", "X": "1", "x": "2"]
        #expect(fields["content-TYPE"] == "text/plain")
        #expect(fields.values(of: "X") == ["1", "2"])
        #expect(fields["Content"] == nil && fields["Content-Type2"] == nil)
        fields["x"] = "3"
        #expect(fields.values(of: "X") == ["3"])
        fields["X"] = nil
        #expect(!fields.contains("x"))
        fields.append("Location", "/a\r\nSet-Cookie: b\0")
        #expect(fields["Location"] == "/a  Set-Cookie: b ")
        var names: [String] = []
        fields.forEach { name, _ in names.append(name) }
        #expect(names == ["Content-Type", "Location"])
    }

    @Test(
        "a field is well-formed with a token for its name and no control characters",
        arguments: [
            ("X\0y\0", true), ("X\0\0", true), ("X\0a\tb\0", true), ("X \0y\0", false), ("\0y\0", false),
            ("X\0a\u{1}\0", false), ("X\0\u{7F}\0", false),
        ])
    func wellFormedFields(bytes: String, areWellFormed: Bool) {
        #expect(HTTPFields(nulTerminated: Array(bytes.utf8)).areWellFormed == areWellFormed)
    }

    @Test(
        "dates are written and read as RFC 9110 does",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_827_696, "Tue, 29 Feb 2000 12:34:56 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ])
    func dates(seconds: Int, text: String) {
        #expect(HTTPDate(seconds: seconds).description == text)
        #expect(HTTPDate(text) == HTTPDate(seconds: seconds))
    }

    @Test(
        "what is no date reads as none",
        arguments: [
            "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        ])
    func noDates(text: String) {
        #expect(HTTPDate(text) == nil)
    }

    @Test(
        "a range is what can be sent of it",
        arguments: [
            (nil, .whole), ("bytes=0-0", .part(0..<1)), ("bytes=0-", .part(0..<100)),
            ("bytes=90-200", .part(90..<100)), ("bytes=-10", .part(90..<100)), ("bytes=-200", .part(0..<100)),
            ("bytes=99-", .part(99..<100)), ("bytes=100-", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=99999999999999999999-", .unsatisfiable),
            ("bytes=5-99999999999999999999", .part(5..<100)), ("bytes=5-4", .whole),
            ("bytes=0-1,5-6", .whole),
            ("bytes=a-b", .whole), ("bytes=-", .whole), ("lines=0-1", .whole), ("bytes=+1-2", .whole),
        ] as [(String?, ByteRange)])
    func ranges(field: String?, range: ByteRange) {
        #expect(ByteRange(field, size: 100) == range)
    }

    @Test("nothing can be sent of an empty file")
    func emptyRange() {
        #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-1", size: 0) == .unsatisfiable)
    }

    @Test(
        "a tag is found in a list",
        arguments: [
            ("\"a\"", true, true), ("W/\"a\"", true, false), ("\"b\", \"a\"", true, true), ("*", true, true),
            ("a", false, false), ("\"b\"", false, false), ("", false, false),
        ])
    func tags(list: String, isNamed: Bool, isNamedStrongly: Bool) {
        #expect(EntityTag("a").isNamed(in: list) == isNamed)
        #expect(EntityTag("a").isNamed(in: list, strongly: true) == isNamedStrongly)
    }

    @Test("media types are read with their parameters")
    func mediaTypes() throws {
        let type = try #require(MediaType("Multipart/Form-Data; charset=utf-8; boundary=\"a;b\\\"c\""))
        #expect(type.essence == "multipart/form-data")
        #expect(type.parameters == ["charset": "utf-8", "boundary": "a;b\"c"])
        for text in [
            "", "text", "text/", "/plain", "te xt/plain", "text/plain; charset", "text/plain; a=\"b",
        ] {
            #expect(MediaType(text) == nil, "\(text)")
        }
    }

    @Test(
        "the most specific range of Accept decides",
        arguments: [
            (nil, 1000), ("*/*", 1000), ("application/*;q=0.5", 500), ("text/html", 0),
            ("application/json;q=0.2, application/*", 200), ("*/*;q=0.1, application/json", 1000),
            ("application/json;q=0", 0), ("application/json;q=nonsense", 0),
        ] as [(String?, Int)])
    func accept(field: String?, quality: Int) throws {
        #expect(try #require(MediaType("application/json")).quality(in: field) == quality)
    }

    @Test(
        "a file name comes as clients write it",
        arguments: [
            ("attachment; filename=clip.mp4", "clip.mp4"),
            ("attachment; filename=\"my clip.mp4\"", "my clip.mp4"),
            ("attachment; filename=\"C:\\clips\\a.mp4\"", "C:\\clips\\a.mp4"),
            ("attachment; filename=\"a.mp4\"; filename*=UTF-8''%C3%BC.mp4", "ü.mp4"),
            ("attachment; filename*=UTF-8''%zz; filename=b.mp4", "b.mp4"), ("attachment", nil),
            // Swift takes the quote and the accent behind it for one character; the grammar is one of bytes.
            ("attachment; filename=\"\u{301};a.mp4\"", "\u{301};a.mp4"),
            ("attachment;\u{301} filename=a", nil),
        ] as [(String, String?)])
    func filenames(field: String, name: String?) throws {
        #expect(try #require(ParameterizedValue(field)).filename == name)
    }

    @Test("an event is framed line by line")
    func events() {
        let event = ServerSentEvent(event: "status", id: "7", data: "{\n}")
        #expect(
            String(decoding: event.encoded, as: UTF8.self) == "event: status\nid: 7\ndata: {\ndata: }\n\n")
    }

    @Test("addresses are written in the usual form")
    func peers() {
        #expect("\(PeerAddress.v4(0x7F00_0001))" == "127.0.0.1")
        #expect("\(PeerAddress.v6(high: 0x2001_0DB8_0000_0000, low: 1))" == "2001:db8:0:0:0:0:0:1")
    }
}

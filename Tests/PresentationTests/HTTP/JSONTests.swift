import Presentation
import Testing

@Suite("JSON")
struct JSONTests {
    private func read(_ text: String, _ reader: JSONReader = JSONReader()) throws(JSONSyntaxError)
        -> JSONValue
    {
        try reader.read(Array(text.utf8))
    }

    private func written(_ value: JSONValue) -> String {
        String(decoding: value.encoded, as: UTF8.self)
    }

    @Test(
        "what is written reads back as the same",
        arguments: [
            nil, true, false, 0, -1, 9_007_199_254_740_992, 0.1, -2.5e-7, 1e300, "", "plain",
            "quote \" slash / back \\ line \n tab \t bell \u{7} é 日本 🎬", [], [1, [2, [3]]], [:],
            ["a": 1, "b": ["c": nil], "": "empty name"],
        ] as [JSONValue])
    func roundTrip(value: JSONValue) throws {
        #expect(try read(written(value)) == value)
    }

    @Test(
        "numbers are written in their shortest form",
        arguments: [
            (3.0, "3"), (0.1, "0.1"), (-0.5, "-0.5"), (1e15, "1000000000000000.0"), (1e16, "1e+16"),
            (.infinity, "null"), (.nan, "null"),
            (12.345678, "12.345678"),
        ])
    func numbers(number: Double, text: String) {
        var writer = JSONWriter()
        writer.number(number)
        #expect(writer.finish() == Array(text.utf8))
    }

    @Test("the smallest integer is written whole")
    func smallestInteger() {
        var writer = JSONWriter()
        writer.integer(.min)
        #expect(writer.finish() == Array("-9223372036854775808".utf8))
    }

    @Test("control characters are escaped and nothing else is")
    func escapes() {
        #expect(written("\u{0}\u{1f}\u{7f}/é") == #""\u0000\u001f"# + "\u{7f}/é\"")
    }

    @Test(
        "hostile documents are refused",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "nul", "01", "+1", "1.", ".5", "0x1",
            "NaN",
            "Infinity", "'a'", "\"a", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"a\u{0}b\"",
            "\"\\u0000\"",
            "{\"a\":1,\"a\":2}", "{\"a\\u0062\":1,\"ab\":2}", "1 2", "{} x", "[1][2]", "/* */ 1", "\u{FEFF}1",
            "{1:2}", "[\"tab\tin text\"]", "1e400", String(repeating: "[", count: 5000),
        ])
    func hostile(text: String) {
        #expect(throws: JSONSyntaxError.self) { try read(text) }
    }

    @Test("bytes that are not UTF-8 are refused")
    func notUTF8() {
        for bytes: [UInt8] in [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
        ] {
            #expect(throws: JSONSyntaxError.self) { try JSONReader().read(bytes) }
        }
    }

    @Test("depth and size have limits that are exact")
    func limits() throws {
        let reader = JSONReader(depth: 3, values: 5)
        #expect(throws: Never.self) { try read("[[[1]]]", reader) }
        #expect(throws: JSONSyntaxError.self) { try read("[[[[1]]]]", reader) }
        #expect(throws: Never.self) { try read("[1,2,3,4]", reader) }
        #expect(throws: JSONSyntaxError.self) { try read("[1,2,3,4,5]", reader) }
    }

    @Test("an error says where it is")
    func position() {
        let error = #expect(throws: JSONSyntaxError.self) { try read("{\"a\": tru}") }
        #expect((6...9).contains(error?.offset ?? 0))
    }

    @Test(
        "a number without a fraction is an integer however it is written",
        arguments: ["3", "3.0", "3e0", "30e-1"])
    func integers(text: String) throws {
        #expect(try read(text) == 3)
    }

    @Test("an integer beyond 64 bits is a number, not an error")
    func largeInteger() throws {
        #expect(try read("123456789012345678901234567890") == 1.2345678901234568e29)
    }

    @Test("pointers escape what stands for something else")
    func pointers() {
        #expect(JSONPointer.root.member("a/b").element(2).member("m~n").text == "/a~1b/2/m~0n")
    }
}

@Suite("Declarations of transfer objects")
struct JSONDeclarationTests {
    private struct Person: Equatable, Sendable {
        var name: String
        var age: Int
        var mail: String?
    }

    private static let input = JSONInput<Person>.object(
        "Person", "Someone.", JSONInputField<String>.required("name", .text(length: 1...5), "A name."),
        JSONInputField<Int>.optional("age", .integer(0...150), "An age.", meaning: 30),
        JSONInputField<String?>.optional("mail", .nullable(.text(length: 3...9)), "An address.", default: nil)
    ) { name, age, mail throws(Faults) in
        guard name != "none" else { throw Faults([Fault(.body("/name"), .contradiction, "must be someone")]) }
        return Person(name: name, age: age, mail: mail)
    }

    private static let output = JSONOutput<Person>.object(
        "Person", "Someone.",
        [
            JSONField("name", .text, "A name.") { $0.name },
            JSONField("age", .integer(0...150), "An age.") { $0.age },
            .optional("mail", .text, "An address.") { $0.mail },
        ])

    @Test("absent fields take their defaults")
    func defaults() throws {
        #expect(try Self.input.read(["name": "Ada"]) == Person(name: "Ada", age: 30, mail: nil))
        #expect(try Self.input.read(["name": "Ada", "mail": nil]).mail == nil)
    }

    @Test("every fault is told at once, with its place")
    func allFaults() {
        let document: JSONValue = ["name": "", "age": "old", "mail": 7, "x/y": nil]
        let faults = #expect(throws: Faults.self) { try Self.input.read(document) }?.faults ?? []
        #expect(
            Set(faults.map { "\($0.place) \($0.code)" })
                == [
                    "body(\"/name\") outOfRange", "body(\"/age\") wrongType", "body(\"/mail\") wrongType",
                    "body(\"/x~1y\") unknown",
                ])
    }

    @Test("a list tells the faults of each element, and its object's rules have its place")
    func nested() {
        let list = JSONInput<[Person]>.list(of: Self.input, count: 1...3)
        let faults =
            #expect(throws: Faults.self) {
                try list.read([["name": "Ada"], ["age": 151], ["name": "none"]])
            }?.faults ?? []
        #expect(faults.map(\.place) == [.body("/1/name"), .body("/1/age"), .body("/2/name")])
    }

    @Test("lengths count code points, as JSON Schema does")
    func codePoints() throws {
        #expect(throws: Faults.self) { try Self.input.read(["name": "e\u{301}e\u{301}e\u{301}"]) }
        #expect(try Self.input.read(["name": "🇩🇪🇫🇷"]).name == "🇩🇪🇫🇷")
    }

    @Test("an object is written field by field, what has no value being left out")
    func writing() {
        let text = String(decoding: Self.output.encode(Person(name: "A\"", age: 1, mail: nil)), as: UTF8.self)
        #expect(text == #"{"name":"A\"","age":1}"#)
    }

    @Test("the schema says what the declaration does")
    func schema() {
        let schema = Self.output.schema.components["Person"].map(JSONValue.object)
        #expect(schema?["required"] == ["name", "age"])
        #expect(schema?["additionalProperties"] == false)
        #expect(schema?["properties"]?["age"]?["maximum"] == 150)
        let input = Self.input.schema.components["Person"].map(JSONValue.object)
        #expect(input?["required"] == ["name"])
        #expect(input?["properties"]?["mail"]?["type"] == ["string", "null"])
        #expect(input?["properties"]?["age"]?["default"] == 30)
    }
}

import Presentation
import Testing

@Suite("Limits of JSON")
struct JSONLimitTests {
    /// Small limits, a document that just keeps one of them, and one that passes it.
    struct Case: Sendable, CustomTestStringConvertible {
        let limit: JSONLimits.Name
        let kept: String
        let passed: String
        let pointer: String

        var testDescription: String { limit.rawValue }
    }

    private static let limits = {
        var limits = JSONLimits(depth: 4, values: 12)
        limits.bytes = 60
        limits.members = 3
        limits.elements = 5
        limits.name = 6
        limits.text = 8
        return limits
    }()

    static let cases = [
        Case(
            limit: .bytes, kept: "[1]" + String(repeating: " ", count: 57),
            passed: "[1]" + String(repeating: " ", count: 58), pointer: ""),
        Case(limit: .depth, kept: #"{"a":[[{}]]}"#, passed: #"{"a":[1,[{"b":[]}]]}"#, pointer: "/a/1/0/b"),
        Case(
            limit: .values, kept: "[[1,2,3,4],[1,2,3,4],1]", passed: "[[1,2,3,4],[1,2,3,4],[1]]",
            pointer: "/2/0"),
        Case(
            limit: .members, kept: #"[{"a":1,"b":2,"c":3}]"#, passed: #"[0,{"a":1,"b":2,"c":3,"d":4}]"#,
            pointer: "/1"),
        Case(
            limit: .elements, kept: #"{"a":[1,"2",[],{},5]}"#, passed: #"{"a":[1,2,3,4,5,6]}"#, pointer: "/a"),
        Case(limit: .name, kept: #"{"123456":1}"#, passed: #"{"a":{"1234567":1}}"#, pointer: "/a"),
        Case(
            limit: .text, kept: #"["12345678"]"#, passed: #"{"a":["",{"b/c":"123456789"}]}"#,
            pointer: "/a/1/b~1c"),
    ]

    @Test("O50: every limit is exact, has a name, and says where it was passed", arguments: cases)
    func exact(example: Case) throws {
        let reader = JSONReader(Self.limits)
        #expect(throws: Never.self) { try reader.read(Array(example.kept.utf8)) }
        let error = #expect(throws: JSONSyntaxError.self) { try reader.read(Array(example.passed.utf8)) }
        #expect(error?.limit == example.limit)
        #expect(error?.pointer.text == example.pointer)
        #expect((1...example.passed.utf8.count).contains(error?.offset ?? 0))
    }

    @Test(
        "what stands in texts is never counted as structure",
        arguments: [#"["[[[[[["]"#, #"["\"[{,"]"#, #"["\\",1]"#, #"{"a,b:":1}"#, #"["]}]}",[]]"#])
    func texts(text: String) throws {
        #expect(throws: Never.self) { try JSONReader(Self.limits).read(Array(text.utf8)) }
    }

    @Test(
        "O50: a body beyond a limit is refused before anything of it is looked at",
        arguments: [
            (
                String(repeating: "[", count: 33) + String(repeating: "]", count: 33),
                "nested more than 32 deep"
            ),
            ("[" + String(repeating: "1,", count: 2_000) + "1]", "more than 2000 elements"),
            (
                #"{"title":""# + String(repeating: "x", count: 65_537) + #""}"#,
                "a text of more than 65536 bytes"
            ),
            (#"{""# + String(repeating: "n", count: 257) + #"":1}"#, "a name of more than 256 bytes"),
            ("{" + (0...256).map { #""\#($0)":1"# }.joined(separator: ",") + "}", "more than 256 members"),
        ])
    func refused(body: String, reason: String) async throws {
        let answer = try await APIFixture().send(
            "POST", "/api/v1/tasks", bytes: Array(body.utf8), fields: ["Content-Type": "application/json"])
        #expect(answer.status == 400)
        #expect(answer.json["code"] == "malformed_request")
        #expect(answer.faults.first?.hasSuffix("out_of_range") == true)
        #expect(answer.json["detail"]?.text?.contains(reason) == true)
    }

    @Test("O50: a body of too many bytes is refused as too large")
    func tooLarge() async throws {
        let body = #"{"title":"a"}"# + String(repeating: " ", count: JSONLimits.ofRequests.bytes)
        let answer = try await APIFixture().send(
            "POST", "/api/v1/tasks", bytes: Array(body.utf8), fields: ["Content-Type": "application/json"])
        #expect(answer.status == 413)
    }

    @Test(
        "the walk is made once over every byte, however a document is built to be slow",
        arguments: [
            String(repeating: "[", count: 200_000), String(repeating: "\"", count: 200_001),
            String(repeating: "{\"a\":", count: 40_000), String(repeating: "\\\"", count: 100_000),
            String(repeating: "1,", count: 100_000), String(repeating: "]", count: 200_000),
        ])
    func hostile(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONReader().read(Array(text.utf8)) }
    }
}

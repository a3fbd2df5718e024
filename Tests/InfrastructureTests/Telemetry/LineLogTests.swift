import Application
import FoundationEssentials
import Glibc
import Infrastructure
import Testing

@Suite("The log")
struct LineLogTests {
    /// What a log writes for one line with a field.
    private func written(_ format: LineFormat, _ value: String) throws -> String {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let log = LineLog(format: format, level: .info, descriptor: ends[1], clock: InMemoryClock())
        log.write(.info, "something happened", ["value": .text(value)])
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(ends[0], &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    @Test("a value takes no other line and commands no terminal", arguments: LineFormat.allCases)
    func control(format: LineFormat) throws {
        let line = try written(format, "a\u{1B}[2Jb\u{9B}c\nd")
        #expect(line.hasSuffix("\n"))
        let controls = line.dropLast().unicodeScalars.filter { $0.properties.generalCategory == .control }
        #expect(controls.isEmpty, "\(line)")
        #expect(line.contains(#"a\u001b[2Jb\u009bc\nd"#))
    }

    @Test("what programs read is the value as it was")
    func json() throws {
        struct Line: Decodable {
            let level: String
            let event: String
            let value: String
        }
        let value = "a\u{1B}\"\\\u{9B}\u{7F}\t日本 👩‍👩‍👧"
        let line = try JSONDecoder().decode(Line.self, from: Data(try written(.json, value).utf8))
        #expect(line.level == "info")
        #expect(line.event == "something happened")
        #expect(line.value == value)
    }
}

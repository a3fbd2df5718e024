import Testing

@Suite("Habits")
struct HabitTests {
    @Test("nothing is forced: no try!, no as!, no postfix !")
    func nothingForced() {
        for file in Repository.sources {
            for (index, line) in file.code.enumerated() where forces(line) {
                Issue.record("\(file.place(index)): \(line)")
            }
        }
    }

    @Test("every unsafe promise to the compiler has its reason beside it")
    func unsafePromises() {
        for file in Repository.sources {
            for (index, line) in file.code.enumerated()
            where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") {
                let around = file.lines[max(0, index - 8)...index]
                #expect(around.contains { $0.contains("//") }, "\(file.place(index))")
            }
        }
    }

    @Test("what others see of the Domain and the Application is documented")
    func documentation() {
        let files = Repository.sources(in: "Domain") + Repository.sources(in: "Application")
        let missing = files.flatMap(undocumented)
        #expect(
            missing.isEmpty, "\(missing.count) without a doc comment:\n\(missing.joined(separator: "\n"))")
    }

    @Test("elsewhere every type for others is documented, and most of what they offer")
    func documentationElsewhere() {
        let files = ["Infrastructure", "Presentation"].flatMap(Repository.sources(in:))
        let missing = files.flatMap(undocumented)
        let types = missing.filter { !typeKinds.isDisjoint(with: wordsOf($0)) }
        #expect(types.isEmpty, "\(types.joined(separator: "\n"))")
        let declared = files.reduce(0) { $0 + $1.code.count(where: isForOthers) }
        // What its name says in full needs no sentence: constants, conformances, overloads.
        #expect(missing.count * 3 <= declared, "\(missing.count) of \(declared) without a doc comment")
    }

    @Test("no file is longer than a reader's patience")
    func length() {
        for file in Repository.sources + Repository.tests {
            #expect(file.lines.count <= 450, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test("nothing is left for later in a comment")
    func leftovers() {
        // Put together here, so that this file does not find itself.
        let marks = Set([["TO", "DO"], ["FIX", "ME"], ["X", "XX"], ["HA", "CK"]].map { $0.joined() })
        for file in Repository.sources + Repository.tests {
            for (index, line) in file.lines.enumerated() where !marks.isDisjoint(with: wordsOf(line)) {
                Issue.record("\(file.place(index)): \(line)")
            }
        }
    }

    @Test("every feature that is promised is named by a test")
    func features() throws {
        let promises = try #require(Repository.text(of: "Docs/features.md"))
        let ids = promises.split(separator: "\n").compactMap { row in
            row.firstMatch(of: #/^\| ([A-Z]\d+) \|/#).map { String($0.1) }
        }
        #expect(ids.count > 60)
        // A test can hold several promises: "A26, A66: …".
        let mark = #/"([A-Z]\d+(?:, [A-Z]\d+)*): /#
        let named = Set(
            Repository.tests.flatMap(\.lines).compactMap { $0.firstMatch(of: mark)?.1 }
                .flatMap { $0.split(separator: ", ").map(String.init) })
        for id in ids where !named.contains(id) { Issue.record("no test is named \(id)") }
    }

    /// Whether a `!` follows an identifier, a bracket or a parenthesis and compares nothing.
    private func forces(_ line: String) -> Bool {
        var before = UInt8(ascii: " ")
        var bytes = Array(line.utf8)[...]
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "!"), bytes.first != UInt8(ascii: "=") {
                let letter = before | 0x20
                let digit = UInt8(ascii: "0")...UInt8(ascii: "9")
                if letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z") || digit.contains(before)
                    || ")]_".utf8.contains(before)
                {
                    return true
                }
            }
            before = byte
        }
        return false
    }

    /// Whether a line declares something public or for the package.
    private func isForOthers(_ line: String) -> Bool {
        let words = wordsOf(line).filter { !modifiers.contains($0) }
        guard words.first == "public" || words.first == "package" else { return false }
        return !words.contains("import") && !words.contains("extension")
            && !words.contains("override")
    }

    private func undocumented(_ file: SourceFile) -> [String] {
        file.code.indices.filter { isForOthers(file.code[$0]) && !isDocumented($0, in: file) }
            .map { "\(file.place($0)): \(file.lines[$0])" }
    }

    private func isDocumented(_ declaration: Int, in file: SourceFile) -> Bool {
        for index in stride(from: declaration - 1, through: 0, by: -1) {
            let line = file.lines[index].drop(while: \.isWhitespace)
            if line.hasPrefix("///") { return true }
            // Attributes and remarks stand between the comment and the declaration.
            guard line.hasPrefix("@") || line.hasPrefix("//") else { return false }
        }
        return false
    }
}

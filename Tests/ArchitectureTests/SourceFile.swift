import FoundationEssentials

/// A Swift file of the repository, read as text.
struct SourceFile: Sendable {
    /// Its path from the repository's root, such as `Sources/Domain/Media/TimeSpan.swift`.
    let path: String
    /// Its lines.
    let lines: [String]
    /// Its lines with comments and string literals replaced by spaces, so that only code is left.
    let code: [String]
    /// The words of the code: identifiers and keywords.
    let words: Set<String>

    /// A file with that text.
    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let code = String(decoding: blankingNonCode(Array(text.utf8)), as: UTF8.self)
        self.code = code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        words = Set(wordsOf(code))
    }

    /// The folders on its way, the root first, its own name left out.
    var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }
    /// Its name without `.swift`.
    var name: String { String(path.split(separator: "/").last?.dropLast(".swift".count) ?? "") }

    /// The modules it imports, with their lines.
    var imports: [(module: String, line: Int)] {
        code.enumerated().compactMap { index, line in
            let words = line.split(separator: " ").map(String.init)
            guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
            else { return nil }
            // `import struct Module.Type` names the module after the kind.
            let named = words[words.count - 1]
            return (named.split(separator: ".").first.map(String.init) ?? named, index + 1)
        }
    }

    /// The types that it declares at its top level for others to use.
    var declaredTypes: [String] {
        var depth = 0
        var types: [String] = []
        for line in code {
            if depth == 0, let type = declaredType(wordsOf(line)) { types.append(type) }
            for byte in line.utf8 {
                if byte == UInt8(ascii: "{") { depth += 1 }
                if byte == UInt8(ascii: "}") { depth -= 1 }
            }
        }
        return types
    }

    private func declaredType(_ words: [String]) -> String? {
        guard let kind = words.firstIndex(where: { typeKinds.contains($0) }), kind + 1 < words.count,
            words[..<kind].allSatisfy({ accessLevels.contains($0) || modifiers.contains($0) }),
            !words[..<kind].contains("private"), !words[..<kind].contains("fileprivate")
        else { return nil }
        return words[kind + 1]
    }

    /// Where something stands, as compilers say it.
    func place(_ index: Int) -> String { "\(path):\(index + 1)" }
}

let accessLevels: Set<String> = ["public", "package", "internal", "private", "fileprivate", "open"]
let typeKinds: Set<String> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
let modifiers: Set<String> = [
    "final", "indirect", "nonisolated", "unsafe", "safe", "frozen", "usableFromInline", "discardableResult",
]

/// The identifiers and keywords of a piece of code.
func wordsOf(_ code: String) -> [String] {
    code.utf8.split { byte in
        let letter = byte | 0x20
        return
            !(letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
            || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte == UInt8(ascii: "_"))
    }
    .compactMap { String($0) }
}

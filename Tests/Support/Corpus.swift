import Glibc

/// Lists of texts and requests with what they are, in `Tests/Corpora`; fields stand between tabs.
public enum Corpus {
    /// What attackers send: a family, a method, a target, header fields.
    public static let attacks = lines(of: "attacks.txt")
    /// What everybody sends: `request` with a method, a target and header fields.
    public static let requests = lines(of: "ordinary.txt").filter { $0[0] == "request" }
    /// What people write.
    public static let texts = lines(of: "ordinary.txt").filter { $0[0] == "text" }.map { $0[1] }

    private static func lines(of name: String) -> [[String]] {
        let folder = #filePath.dropLast("Support/Corpus.swift".count) + "Corpora/"
        guard let file = fopen(folder + name, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }
}

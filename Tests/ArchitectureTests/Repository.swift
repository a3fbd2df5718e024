import FoundationEssentials

/// The Swift files of this repository, read once.
enum Repository {
    /// Its root, found from where this file is.
    static let root = String(#filePath.dropLast("/Tests/ArchitectureTests/Repository.swift".count))
    /// The files under `Sources`, in order.
    static let sources = files(under: "Sources")
    /// The files under `Examples`, in order.
    static let examples = files(under: "Examples")
    /// The files under `Tests`, in order.
    static let tests = files(under: "Tests")

    /// The files of one target, or of a folder in it.
    static func sources(in folder: String) -> [SourceFile] {
        sources.filter { $0.path.hasPrefix("Sources/\(folder)/") }
    }

    /// The text of any file of it; nil when it is not there.
    static func text(of path: String) -> String? {
        FileManager.default.contents(atPath: "\(root)/\(path)").map { String(decoding: $0, as: UTF8.self) }
    }

    private static func files(under folder: String) -> [SourceFile] {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)/")) ?? []
        return paths.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
            FileManager.default.contents(atPath: "\(root)/\(folder)/\(path)").map {
                SourceFile(path: "\(folder)/\(path)", text: String(decoding: $0, as: UTF8.self))
            }
        }
    }
}

package import Application
import Glibc
import Synchronization

/// The fonts of this machine, which are listed again only when something has changed in a folder of theirs.
package final class FontList: Sendable {
    /// The fields of a line: family, style and file.
    package static let lineFormat = "%{family[0]}\t%{style[0]}\t%{file}\n"

    private struct Known {
        let fonts: [FontFamily]
        /// The folders that were looked at, and when each had changed; nil for one that was not there.
        let folders: [String: Int64?]
    }

    private let places: [String]
    private let list: @Sendable () async throws -> [UInt8]
    private let known = Mutex<Known?>(nil)

    /// A list of fonts.
    ///
    /// - Parameters:
    ///   - places: Folders that are looked at also while no font is in them.
    ///   - list: Lists all fonts, a line of ``lineFormat`` for each.
    package init(places: [String], list: @escaping @Sendable () async throws -> [UInt8]) {
        self.places = places
        self.list = list
    }

    /// The fonts, by family.
    package func fonts() async throws -> [FontFamily] {
        if let known = known.withLock({ $0 }),
            known.folders.allSatisfy({ Self.changedAt($0.key) == $0.value })
        {
            return known.fonts
        }
        let began = Int64(time(nil))
        let (fonts, folders) = Self.read(try await list())
        var stamps: [String: Int64?] = [:]
        for folder in folders.union(places) { stamps.updateValue(Self.changedAt(folder), forKey: folder) }
        // What changed while it was listed may be missing; then it is listed once more the next time.
        let isSettled = stamps.values.allSatisfy { ($0 ?? 0) / 1_000_000_000 < began }
        known.withLock { $0 = isSettled ? Known(fonts: fonts, folders: stamps) : nil }
        return fonts
    }

    private static func read(_ lines: [UInt8]) -> (fonts: [FontFamily], folders: Set<String>) {
        var styles: [String: Set<String>] = [:]
        var folders: Set<String> = []
        for line in String(decoding: lines, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, !parts[0].isEmpty else { continue }
            styles[String(parts[0]), default: []].insert(String(parts[1]))
            folders.formUnion(self.folders(of: parts[2]))
        }
        let fonts = styles.map { FontFamily(name: $0.key, styles: $0.value.sorted()) }
        return (fonts.sorted { $0.name < $1.name }, folders)
    }

    /// The folder of a font, and those above it up to the one for fonts: one that is added changes the one above.
    private static func folders(of file: Substring) -> [String] {
        var parts = file.split(separator: "/")
        parts.removeLast()
        let root = parts.firstIndex { $0 == "fonts" || $0 == ".fonts" } ?? parts.count - 1
        return (max(0, root)..<parts.count).map { "/" + parts[...$0].joined(separator: "/") }
    }

    /// When something was added to a folder or removed from it, in nanoseconds; nil when it is not there.
    private static func changedAt(_ folder: String) -> Int64? {
        var status = stat()
        guard stat(folder, &status) == 0 else { return nil }
        return Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }
}

import Application
import Domain
import FoundationEssentials
import Infrastructure
import Presentation

/// Where the clips of a task are, for the person who ordered them.
struct ClipFiles: Sendable {
    private let details: TaskDetails
    private let paths: [Identifier<MediaFile>: String]

    /// The clips in the media store or, where there is one, in a folder of the person's choice.
    ///
    /// - Throws: ``CommandFailure`` when the folder cannot be written.
    init(_ details: TaskDetails, media: FileMediaStore, folder: String?) throws {
        self.details = details
        if let folder, details.clips.contains(where: { !$0.renditions.isEmpty }) { try Self.make(folder) }
        var paths: [Identifier<MediaFile>: String] = [:]
        for clip in details.clips {
            for rendition in clip.renditions {
                guard let kept = media.path(of: rendition.file.id) else { continue }
                let path = folder.map { "\(Self.absolute($0))/\(Self.name(of: rendition, in: clip))" }
                if let path { try Self.copy(kept, to: path) }
                paths[rendition.file.id] = path ?? kept
            }
        }
        self.paths = paths
    }

    /// Where a file is.
    func path(of file: Identifier<MediaFile>) -> String? { paths[file] }

    /// The table of the clips.
    var table: TextTable {
        var table = TextTable(columns: [
            .init("rank", alignment: .right), .init("score", alignment: .right), .init("title", yields: true),
            .init("from–to"), .init("length", alignment: .right), .init("file"),
        ])
        for clip in details.clips {
            let (highlight, span) = (clip.highlight, clip.highlight.span)
            let start = [
                "\(clip.rank)", "\(highlight.score.total)", highlight.title,
                "\(clockText(seconds: span.start))–\(clockText(seconds: span.end))",
                "\(plain((span.duration * 10).rounded() / 10)) s",
            ]
            if case .failed(let failure) = clip.outcome { table.add(start + ["failed: \(failure.message)"]) }
            for rendition in clip.renditions { table.add(start + [paths[rendition.file.id] ?? ""]) }
        }
        return table
    }

    /// A name that sorts by rank and says what it shows, such as `01-why-does-an-octopus-vertical.mp4`.
    private static func name(of rendition: Clip.Rendition, in clip: Clip) -> String {
        let words = clip.highlight.title.lowercased().split { !$0.isLetter && !$0.isNumber }
        let title = words.joined(separator: "-").prefix(48)
        let rank = clip.rank < 10 ? "0\(clip.rank)" : "\(clip.rank)"
        let parts = [rank, String(title), rendition.format.rawValue].filter { !$0.isEmpty }
        return parts.joined(separator: "-").safeFilename + ".mp4"
    }

    private static func absolute(_ folder: String) -> String {
        folder.hasPrefix("/") ? folder : FileManager.default.currentDirectoryPath + "/" + folder
    }

    private static func make(_ folder: String) throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(line: "--out \(folder) cannot be made")
        }
    }

    /// Copies a file; its name ends in `.mp4` only once it is whole.
    private static func copy(_ kept: String, to path: String) throws(CommandFailure) {
        let manager = FileManager.default
        let unfinished = path + ".unfinished"
        do {
            try? manager.removeItem(atPath: unfinished)
            try manager.copyItem(atPath: kept, toPath: unfinished)
            // The store keeps its files to itself; these are the person's own.
            try manager.setAttributes([.posixPermissions: 0o644], ofItemAtPath: unfinished)
            try? manager.removeItem(atPath: path)
            try manager.moveItem(atPath: unfinished, toPath: path)
        } catch {
            try? manager.removeItem(atPath: unfinished)
            throw CommandFailure(line: "\(path) cannot be written")
        }
    }
}

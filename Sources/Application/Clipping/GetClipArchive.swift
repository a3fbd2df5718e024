public import Domain

/// One entry of an archive of clips.
public struct ArchiveEntry: Hashable, Sendable {
    /// The name in the archive, unique there.
    public let name: String
    /// Where the bytes can be read.
    public let path: String
    /// How many there are.
    public let bytes: Int64
    /// The time that the archive gives for it.
    public let modified: Timestamp

    /// An entry of an archive.
    public init(name: String, path: String, bytes: Int64, modified: Timestamp) {
        self.name = name
        self.path = path
        self.bytes = bytes
        self.modified = modified
    }
}

/// Lists the rendered files of a task for one archive of them all.
public struct GetClipArchive: Sendable {
    private let store: any Store
    private let media: any MediaStore

    /// The use case over its ports.
    public init(store: any Store, media: any MediaStore) {
        self.store = store
        self.media = media
    }

    /// The files of all clips, by rank and format.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/task``, ``NotReady`` while the task has not ended or has no
    ///   clips.
    public func callAsFunction(_ id: Identifier<VideoTask>, by caller: Caller) throws -> [ArchiveEntry] {
        try caller.require(.tasksRead)
        let (task, clips) = try store.read { reader in
            (try reader.task(id, of: caller), try reader.clips.all(of: id))
        }
        guard task.status.isFinal, let ended = task.completedAt else {
            throw NotReady("The task has not ended yet.")
        }
        let entries = clips.flatMap { clip in
            clip.renditions.compactMap { rendition in
                media.path(of: rendition.file.id).map { path in
                    ArchiveEntry(
                        name: clip.filename(rendition.format), path: path, bytes: rendition.file.bytes,
                        modified: ended)
                }
            }
        }
        guard !entries.isEmpty else { throw NotReady("The task has no rendered clips.") }
        return entries
    }
}

extension Clip {
    /// A name for one of its renditions that is safe on every system: rank, a few words of the title, format.
    public func filename(_ format: ClipFormat) -> String { filename("-\(format.rawValue).mp4") }

    /// A name for one of its files that is safe on every system: rank, a few words of the title, `ending`.
    public func filename(_ ending: String) -> String {
        let words = highlight.title.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let slug = words.prefix(8).joined(separator: "-").prefix(60)
        let number = rank < 10 ? "0\(rank)" : "\(rank)"
        return "\(number)\(slug.isEmpty ? "" : "-\(slug)")\(ending)"
    }
}

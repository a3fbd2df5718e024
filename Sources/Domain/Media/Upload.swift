/// A file that a person handed in: a video, or captions for one.
public struct Upload: Hashable, Sendable {
    /// What an upload turned out to be.
    public enum Content: Hashable, Sendable {
        /// A video, with what was found in it.
        case video(MediaFacts)
        /// Captions to go with a video.
        case captions(CaptionFileFormat)
    }

    /// Its identifier.
    public let id: Identifier<Upload>
    /// Who handed it in, and who alone may use it.
    public let owner: Identifier<User>
    /// The name that the person's file had, for showing only.
    public let filename: String
    /// What it is.
    public let content: Content
    /// Where its bytes are.
    public let file: MediaFile
    /// When it was complete.
    public let createdAt: Timestamp

    /// An upload that is complete and checked.
    public init(
        id: Identifier<Upload>, owner: Identifier<User>, filename: String, content: Content,
        file: MediaFile, createdAt: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.filename = filename
        self.content = content
        self.file = file
        self.createdAt = createdAt
    }
}

/// The caption file formats that are read.
public enum CaptionFileFormat: String, CaseIterable, Sendable {
    /// SubRip.
    case srt
    /// WebVTT.
    case vtt
    /// Advanced SubStation Alpha.
    case ass

    /// The format that a file's name says it has, nil when it is none of these.
    public init?(filename: String) {
        guard let dot = filename.lastIndex(of: ".") else { return nil }
        self.init(rawValue: filename[filename.index(after: dot)...].lowercased())
    }
}

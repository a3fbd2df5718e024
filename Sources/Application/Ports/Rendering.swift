public import Domain

/// Looks at the pictures of a source.
public protocol PictureAnalyzer: Sendable {
    /// How `span` of the source at `path` looks.
    ///
    /// - Parameter mode: How often it looks: the quality mode looks more often than the fast one.
    func analyze(
        path: String, facts: MediaFacts, span: TimeSpan, mode: ProcessingMode,
        progress: @escaping ProgressReport
    ) async throws -> PictureTrack
}

/// One file to render.
public struct RenderOrder: Sendable {
    /// Where the source can be read.
    public let sourcePath: String
    /// What was found in it.
    public let facts: MediaFacts
    /// The span to show.
    public let span: TimeSpan
    /// The shape.
    public let format: ClipFormat
    /// The rank of its clip, 1 for the best: of those that are rendered side by side it should be ready first.
    public let rank: Int
    /// How much work goes into it.
    public let mode: ProcessingMode
    /// The words to show as captions, in times of the source; none when there are to be no captions.
    public let words: [Word]
    /// The caption template's name; nil for no captions.
    public let captionTemplate: String?
    /// What of the template is to be otherwise.
    public let captionChanges: CaptionChanges
    /// How the span looks, to keep what is interesting in the picture.
    public let pictures: PictureTrack

    /// One file to render.
    public init(
        sourcePath: String, facts: MediaFacts, span: TimeSpan, format: ClipFormat, rank: Int,
        mode: ProcessingMode, words: [Word], captionTemplate: String?,
        captionChanges: CaptionChanges = .none, pictures: PictureTrack
    ) {
        self.sourcePath = sourcePath
        self.facts = facts
        self.span = span
        self.format = format
        self.rank = rank
        self.mode = mode
        self.words = words
        self.captionTemplate = captionTemplate
        self.captionChanges = captionChanges
        self.pictures = pictures
    }
}

/// Renders clips.
public protocol ClipRenderer: Sendable {
    /// Renders one file to `destination` (MP4: H.264, AAC) and checks that it is whole.
    ///
    /// - Parameter thumbnail: Where one of its pictures goes, as a JPEG; nil for none.
    /// - Returns: What was found in the rendered file.
    func render(
        _ order: RenderOrder, to destination: StagedFile, thumbnail: StagedFile?,
        progress: @escaping ProgressReport
    ) async throws -> MediaFacts
}

/// Knows the caption templates and the fonts of this machine.
public protocol CaptionCatalog: Sendable {
    /// The caption templates, by name.
    var templates: [CaptionTemplate] { get }
    /// The fonts that captions can use, by family.
    func fonts() async throws -> [FontFamily]
}

/// A font family on this machine.
public struct FontFamily: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its styles, such as `Bold`.
    public let styles: [String]

    /// A font family.
    public init(name: String, styles: [String]) {
        self.name = name
        self.styles = styles
    }
}

public import Domain
import Synchronization

/// A renderer that writes a few bytes for each file instead of a video, and keeps what it was asked for.
public final class ScriptedClipRenderer: ClipRenderer {
    private let media: InMemoryMediaStore
    private let failures: Script<Void>
    private let rendered = Mutex<[RenderOrder]>([])

    /// A renderer into that store.
    ///
    /// - Parameter failures: Says of each file whether it succeeds, in the order in which they are asked for.
    public init(into media: InMemoryMediaStore, failures: Script<Void> = Script(())) {
        self.media = media
        self.failures = failures
    }

    /// What it was asked to render and did, in order.
    public var orders: [RenderOrder] {
        rendered.withLock { $0 }
    }

    /// Writes something that tells spans and formats apart.
    public func render(
        _ order: RenderOrder, to destination: StagedFile, thumbnail: StagedFile?,
        progress: @escaping ProgressReport
    ) async throws -> MediaFacts {
        try failures.next()
        let text = "\(order.format.rawValue) \(order.span.start)–\(order.span.end) of \(order.sourcePath)"
        media.write(Array(text.utf8), to: destination)
        if let thumbnail { media.write(Array("a picture of \(text)".utf8), to: thumbnail) }
        rendered.withLock { $0.append(order) }
        progress(1, nil)
        let size = order.format.size(for: order.facts.size)
        return MediaFacts(
            duration: order.span.duration, width: size.width, height: size.height, frameRate: 30,
            videoCodec: "h264", audioCodec: order.facts.hasAudio ? "aac" : nil, captions: [])
    }
}

/// A catalog of given templates and fonts.
public struct FixedCaptionCatalog: CaptionCatalog {
    /// The caption templates.
    public let templates: [CaptionTemplate]
    private let families: [FontFamily]

    /// A catalog of these templates and fonts.
    public init(templates: [CaptionTemplate], fonts: [FontFamily] = []) {
        self.templates = templates
        families = fonts
    }

    /// The fonts.
    public func fonts() async throws -> [FontFamily] {
        families
    }
}

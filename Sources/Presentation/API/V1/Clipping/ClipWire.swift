internal import Domain

/// How clips stand on the wire.
enum ClipWire {
    /// A clip, and where on this machine its files are; only the command line says that.
    ///
    /// A class, since every field is handed the whole of it and a clip is large.
    final class Shown: Sendable {
        let clip: Clip
        let paths: Paths?

        init(clip: Clip, paths: Paths?) {
            self.clip = clip
            self.paths = paths
        }
    }

    /// Finds a file on this machine.
    typealias Paths = @Sendable (Identifier<MediaFile>) -> String?

    static let clip = JSONOutput<Shown>.object(
        "Clip", "A clip that was rendered, or why it could not be.",
        [
            JSONField("id", .identifier(), "Its identifier.") { $0.clip.id },
            JSONField(
                "rank", .integer(1...1000), "Its place among the task's clips, 1 for the best.", example: 1
            ) {
                $0.clip.rank
            },
            JSONField("title", .text, "Its hook in a few words.", example: "Nobody reads the manual") {
                $0.clip.highlight.title
            },
            JSONField("start", .amount, "Where it starts in the source, in seconds.", example: 12.34) {
                $0.clip.highlight.span.start
            },
            JSONField("end", .amount, "Where it ends in the source, in seconds.", example: 41.9) {
                $0.clip.highlight.span.end
            },
            JSONField("duration", .amount, "Its length in seconds.", example: 29.56) {
                $0.clip.highlight.span.duration
            },
            JSONField("text", .text, "What is said in it.") { $0.clip.highlight.text },
            JSONField("scores", scores, "Why it is worth sharing, in points.") { $0.clip.highlight.score },
            JSONField("hook_type", .name, "How it opens.", example: "question") {
                $0.clip.highlight.hookType
            },
            JSONField("reasoning", .text, "Why it was chosen.") { $0.clip.highlight.reasoning },
            JSONField("formats", .list(of: format), "Its files, one for each format.") { shown in
                shown.clip.renditions.map { File(clip: shown.clip, rendition: $0, paths: shown.paths) }
            },
            JSONField("thumbnail_url", .nullable(.address), "A still picture of it.") {
                $0.clip.thumbnail == nil ? nil : "\(address(of: $0.clip))/thumbnail"
            },
            JSONField("error", .nullable(FailureWire.failure), "Why it could not be rendered.") { shown in
                if case .failed(let failure) = shown.clip.outcome { failure } else { nil }
            },
        ])

    /// What `GET …/clips` answers.
    static let list = JSONOutput<[Shown]>.object(
        "Clips", "The clips of a task, best first.",
        [JSONField("items", .list(of: clip), "The clips.") { $0 }])

    /// Where a clip is found.
    static func address(of clip: Clip) -> String {
        "/api/v1/tasks/\(clip.task)/clips/\(clip.id)"
    }

    private struct File: Sendable {
        let clip: Clip
        let rendition: Clip.Rendition
        let paths: Paths?
    }

    private static let format = JSONOutput<File>.object(
        "ClipFile", "One file of a clip.",
        [
            JSONField("format", .name, "Its shape.", example: "vertical") { $0.rendition.format },
            JSONField("url", .address, "Where it can be fetched.") {
                "\(address(of: $0.clip))/file?format=\($0.rendition.format.rawValue)"
            },
            JSONField("bytes", .count, "Its size in bytes.", example: 2_481_152) { $0.rendition.file.bytes },
            JSONField("width", .count, "The picture's width in pixels.", example: 1080) {
                $0.rendition.size.width
            },
            JSONField("height", .count, "The picture's height in pixels.", example: 1920) {
                $0.rendition.size.height
            },
            JSONField("duration", .amount, "Its length in seconds.", example: 29.567) {
                $0.rendition.duration
            },
            .optional("path", .text, "Where it is on this machine; only on the command line.") { file in
                file.paths.flatMap { $0(file.rendition.file.id) }
            },
        ])

    private static let scores = JSONOutput<HighlightScore>.object(
        "Scores", "Four parts and their sum.",
        [
            JSONField("hook", .integer(HighlightScore.range), "How strongly it opens.", example: 21) {
                $0.hook
            },
            JSONField("engagement", .integer(HighlightScore.range), "How well it holds.", example: 18) {
                $0.engagement
            },
            JSONField("value", .integer(HighlightScore.range), "How much one learns from it.", example: 15) {
                $0.value
            },
            JSONField(
                "shareability", .integer(HighlightScore.range), "How likely it is to be passed on.",
                example: 17
            ) { $0.shareability },
            JSONField("total", .integer(0...100), "Their sum.", example: 71) { $0.total },
        ])
}

/// How failures of tasks and clips stand on the wire.
enum FailureWire {
    static let failure = JSONOutput<TaskFailure>.object(
        "Failure", "Why a task, or one clip of it, ended without a result.",
        [
            JSONField("code", .text, "Stable, for programs.", example: "source_too_short") { $0.code },
            JSONField("message", .text, "A sentence for people.") { $0.message },
            JSONField("stage", .nullable(.name), "The stage in which it happened.") { $0.stage },
        ])
}

/// Why no clips come of a source.
public enum ClippingError: CodedError, Equatable {
    /// Every clip failed; the first one's reason.
    case noClipRendered(String)
    /// No recogniser takes this source.
    case noTranscriber(language: String?)
    /// None of the ranges given lies within the source.
    case rangesOutside(duration: Double)

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .noClipRendered: "no_clip_rendered"
        case .noTranscriber: "no_transcriber"
        case .rangesOutside: "ranges_outside_source"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .noClipRendered(let reason): "No clip could be rendered. The first failed so: \(reason)"
        case .noTranscriber(let language):
            "No transcriber takes \(language.map { "the language \($0)" } ?? "this source"). "
                + "Hand in captions, or configure one: `cutroom doctor` lists them."
        case .rangesOutside(let duration):
            "The ranges lie outside the source, which lasts \(duration) s."
        }
    }
}

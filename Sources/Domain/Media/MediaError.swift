/// Why a source cannot be used.
///
/// Every case is final: trying again with the same source ends the same way.
public enum MediaError: CodedError, Equatable {
    /// The file holds no video: it is empty, text, a picture, a playlist or sound alone.
    case notMedia(String)
    /// The video is shorter than ``MediaLimits/leastDuration``.
    case tooShort(seconds: Double)
    /// Less than ``MediaLimits/leastDuration`` of the video can be decoded.
    case truncated
    /// The video is longer than this server takes.
    case tooLong(seconds: Double, limit: Double)
    /// The file is larger than this server takes.
    case tooLarge(limitBytes: Int64)
    /// The picture or the number of streams is beyond what this server decodes.
    case tooComplex(String)
    /// The address is malformed, or of a scheme or host that is not fetched.
    case addressUnsupported(String)
    /// The address leads into a network that this server does not open.
    case addressRefused(String)
    /// The other server answered that there is nothing to fetch.
    case fetchRefused(String)
    /// A program that this needs is not installed.
    case programMissing(String)
    /// A program could not do its part.
    case programFailed(program: String, reason: String)
    /// The caption file cannot be read.
    case captionsUnreadable(String)

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .notMedia: "not_media"
        case .tooShort: "source_too_short"
        case .truncated: "source_truncated"
        case .tooLong: "source_too_long"
        case .tooLarge: "payload_too_large"
        case .tooComplex: "source_too_complex"
        case .addressUnsupported: "address_unsupported"
        case .addressRefused: "address_refused"
        case .fetchRefused: "fetch_refused"
        case .programMissing: "program_missing"
        case .programFailed: "program_failed"
        case .captionsUnreadable: "captions_unreadable"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .notMedia(let reason): "This is not a video: \(reason). Hand in a file with a video stream."
        case .tooShort(let seconds):
            "The video lasts \(seconds) s; it must last at least \(MediaLimits.leastDuration) s."
        case .truncated:
            "The file breaks off: less than \(MediaLimits.leastDuration) s of it can be decoded. Hand it in again."
        case .tooLong(let seconds, let limit): "The video lasts \(seconds) s; at most \(limit) s are taken."
        case .tooLarge(let limit): "The file is larger than the \(limit) bytes that are taken."
        case .tooComplex(let reason): "The video is beyond what is decoded: \(reason)."
        case .addressUnsupported(let reason): "The address cannot be fetched: \(reason)."
        case .addressRefused(let reason): "The address is refused: \(reason)."
        case .fetchRefused(let reason): "The other server refused: \(reason)."
        case .programMissing(let program):
            "\(program) is not installed. Run `cutroom doctor` to see how to get it."
        case .programFailed(let program, let reason): "\(program) failed: \(reason)."
        case .captionsUnreadable(let reason): "The captions cannot be read: \(reason)."
        }
    }
}

/// The bounds of what is taken as a source.
public enum MediaLimits {
    /// The shortest video that is worth cutting, in seconds.
    public static let leastDuration = 1.0
    /// The most streams that a file may have.
    public static let mostStreams = 8
    /// The smallest width and height of a picture as shown, in pixels.
    public static let smallestSide = 2
    /// The largest width and height of a picture, in pixels.
    public static let largestSide = 8192
}

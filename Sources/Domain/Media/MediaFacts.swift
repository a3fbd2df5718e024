/// What a media file is, as found by looking into it.
public struct MediaFacts: Hashable, Sendable {
    /// One embedded caption track.
    public struct CaptionTrack: Hashable, Sendable {
        /// The stream's index in the file.
        public let index: Int
        /// The language as the file states it (`eng`, `de` …), nil when it does not.
        public let language: String?
        /// The codec's name, such as `mov_text` or `subrip`.
        public let codec: String

        /// A caption track of a file.
        public init(index: Int, language: String?, codec: String) {
            self.index = index
            self.language = language
            self.codec = codec
        }
    }

    /// Its length in seconds.
    public let duration: Double
    /// The width of the picture as shown, in pixels, rotation and pixel aspect applied; 0 without a picture.
    public let width: Int
    /// The height of the picture as shown, in pixels; 0 without a picture.
    public let height: Int
    /// Pictures a second, averaged over the file; 0 without a picture.
    public let frameRate: Double
    /// The video codec's name, nil without a picture.
    public let videoCodec: String?
    /// The audio codec's name, nil without sound.
    public let audioCodec: String?
    /// The embedded caption tracks that hold text.
    public let captions: [CaptionTrack]
    /// Whether the file holds less than it states; ``duration`` is that of what it holds.
    public let isCutOff: Bool

    /// Facts about one file.
    public init(
        duration: Double, width: Int, height: Int, frameRate: Double, videoCodec: String?,
        audioCodec: String?, captions: [CaptionTrack], isCutOff: Bool = false
    ) {
        self.duration = duration
        self.width = width
        self.height = height
        self.frameRate = frameRate
        self.videoCodec = videoCodec
        self.audioCodec = audioCodec
        self.captions = captions
        self.isCutOff = isCutOff
    }

    /// Whether there is a picture.
    public var hasVideo: Bool { videoCodec != nil }
    /// Whether there is sound.
    public var hasAudio: Bool { audioCodec != nil }
    /// The size of the picture as shown.
    public var size: PictureSize { PictureSize(width: width, height: height) }
    /// The whole recording as a span.
    public var span: TimeSpan { TimeSpan(start: 0, end: duration) }
}

/// A picture's size in pixels.
public struct PictureSize: Hashable, Sendable {
    /// The width in pixels.
    public let width: Int
    /// The height in pixels.
    public let height: Int

    /// A size of `width` by `height` pixels.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

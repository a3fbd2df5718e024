/// How good a picture is: its size, its bit rate and its frame rate, within the bounds of its level.
///
/// Bounds are by pixels and not by width and height, so that a portrait is as good as a landscape; and a level
/// begins where the one below it ends, so that level and size always agree.
public struct Quality: Hashable, Sendable {
    /// How good a picture is, in a word.
    public enum Level: String, CaseIterable, Comparable, Sendable {
        /// For a quick look.
        case low
        /// For small screens.
        case medium
        /// Full HD.
        case high
        /// 4K.
        case ultra

        /// The most pixels of a picture, those of 640×480, 1280×720, 1920×1080 and 4096×4096.
        public var mostPixels: Int {
            switch self {
            case .low: 640 * 480
            case .medium: 1280 * 720
            case .high: 1920 * 1080
            case .ultra: 4096 * 4096
            }
        }

        /// The highest bit rate in kbit/s.
        public var greatestBitrate: Int {
            switch self {
            case .low: 1000
            case .medium: 3000
            case .high: 8000
            case .ultra: 50_000
            }
        }

        /// The most pictures a second.
        public var greatestFrameRate: Int {
            switch self {
            case .low: 30
            case .medium, .high: 60
            case .ultra: 120
            }
        }

        /// Orders from low to ultra.
        public static func < (first: Level, second: Level) -> Bool {
            first.mostPixels < second.mostPixels
        }

        /// The level of a picture of that size; nil when no level holds it.
        public init?(of size: PictureSize) {
            let pixels = size.width * size.height
            guard let level = Level.allCases.first(where: { pixels <= $0.mostPixels }) else { return nil }
            self = level
        }
    }

    /// The bounds of a picture's width and height, in pixels.
    public static let sides = 1...4096
    /// The bounds of width divided by height.
    public static let aspects = 0.1...10.0
    /// The most pixels a second of any picture: what a decoder of H.264 level 5.2 must manage (ITU-T H.264, table
    /// 2,073,600 macroblocks of 256 pixels).
    public static let greatestPixelRate = 2_073_600 * 256

    /// How good it is, in a word; it follows from the size.
    public let level: Level
    /// The picture's size.
    public let size: PictureSize
    /// The bit rate in kbit/s.
    public let bitrate: Int
    /// Pictures a second.
    public let frameRate: Int

    /// A quality that keeps the rules.
    ///
    /// - Parameter level: What is said to be wanted; it must be the size's own. Nil takes that.
    public init(level: Level? = nil, size: PictureSize, bitrate: Int, frameRate: Int = 30)
        throws(QualityError)
    {
        guard Self.sides.contains(size.width), Self.sides.contains(size.height) else { throw .side }
        guard Self.aspects.contains(Double(size.width) / Double(size.height)) else { throw .aspect }
        guard let own = Level(of: size) else { throw .side }
        guard level == nil || level == own else { throw .level(own) }
        guard (1...own.greatestBitrate).contains(bitrate) else {
            throw .bitrate(limit: own.greatestBitrate)
        }
        guard (1...own.greatestFrameRate).contains(frameRate),
            size.width * size.height * frameRate <= Self.greatestPixelRate
        else {
            let byPixels = Self.greatestPixelRate / (size.width * size.height)
            throw .frameRate(limit: min(own.greatestFrameRate, byPixels))
        }
        self.init(unchecked: own, size: size, bitrate: bitrate, frameRate: frameRate)
    }

    private init(unchecked level: Level, size: PictureSize, bitrate: Int, frameRate: Int) {
        self.level = level
        self.size = size
        self.bitrate = bitrate
        self.frameRate = frameRate
    }

    /// The ordinary quality of a level in some shape; nil for ``ClipFormat/original``, whose size is the source's.
    public static func preset(_ level: Level, shape: ClipFormat) -> Quality? {
        let short = level.presetShortSide
        let size: PictureSize
        switch shape {
        case .vertical: size = PictureSize(width: short, height: short * 16 / 9)
        case .square: size = PictureSize(width: short, height: short)
        case .portrait: size = PictureSize(width: short, height: short * 5 / 4)
        case .landscape: size = PictureSize(width: short * 16 / 9, height: short)
        case .original: return nil
        }
        return Quality(
            unchecked: level, size: size, bitrate: level.presetBitrate, frameRate: level.presetFrameRate)
    }

    /// Whether it is full HD or better.
    public var isHD: Bool { level >= .high }
    /// Whether it has at least the pixels of 3840×2160.
    public var is4K: Bool { size.width * size.height >= 3840 * 2160 }
    /// The size as it is written: `1080×1920`.
    public var resolution: String { "\(size.width)×\(size.height)" }
}

extension Quality.Level {
    /// The shorter side of the ordinary picture, in pixels; in landscape 640×360, 1280×720, 1920×1080, 3840×2160.
    fileprivate var presetShortSide: Int {
        switch self {
        case .low: 360
        case .medium: 720
        case .high: 1080
        case .ultra: 2160
        }
    }

    /// The ordinary bit rate in kbit/s.
    fileprivate var presetBitrate: Int {
        switch self {
        case .low: 800
        case .medium: 2500
        case .high: 5000
        case .ultra: 15_000
        }
    }

    /// The ordinary number of pictures a second.
    fileprivate var presetFrameRate: Int {
        self == .low ? 24 : 30
    }
}

/// The rules of a picture's quality.
public enum QualityError: CodedError, Equatable {
    /// Width and height have 1–4096 pixels.
    case side
    /// Width divided by height is 0.1–10.
    case aspect
    /// A picture of this size is of that level.
    case level(Quality.Level)
    /// A bit rate is at least 1 and at most the level's.
    case bitrate(limit: Int)
    /// A frame rate is at least 1, and at most the level's and what the size allows.
    case frameRate(limit: Int)

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .side: "quality_side"
        case .aspect: "quality_aspect"
        case .level: "quality_level"
        case .bitrate: "quality_bitrate"
        case .frameRate: "quality_frame_rate"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .side:
            "A picture has \(Quality.sides.lowerBound)–\(Quality.sides.upperBound) pixels on each side."
        case .aspect: "A picture is at most ten times as wide as high, or as high as wide."
        case .level(let level): "A picture of this size has the level “\(level.rawValue)”."
        case .bitrate(let limit): "The bit rate at this level is 1–\(limit) kbit/s."
        case .frameRate(let limit): "The frame rate at this size is 1–\(limit) a second."
        }
    }
}

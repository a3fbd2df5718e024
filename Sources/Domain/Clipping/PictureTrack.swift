/// How a recording looks over time, found on a small grey copy of its frames.
public struct PictureTrack: Hashable, Sendable {
    /// One look at the picture.
    public struct Sample: Hashable, Sendable {
        /// When, in seconds of the source.
        public let time: Double
        /// How interesting each column of the picture is, left to right, 0–255; see ``PictureTrack/columns``.
        public let columns: [UInt8]
        /// How interesting each row of the picture is, top to bottom, 0–255; see ``PictureTrack/rows``.
        public let rows: [UInt8]
        /// How much moved since the last sample, 0–1.
        public let motion: Float

        /// A look at the picture.
        public init(time: Double, columns: [UInt8], rows: [UInt8], motion: Float) {
            self.time = time
            self.columns = columns
            self.rows = rows
            self.motion = motion
        }
    }

    /// How many columns a sample tells apart.
    public static let columns = 32
    /// How many rows a sample tells apart.
    public static let rows = 18

    /// The samples, in order.
    public let samples: [Sample]
    /// When the scene changes, in seconds, in order.
    public let cuts: [Double]
    /// Until when pictures could be decoded, in seconds: earlier than the file claims when it is truncated.
    public let end: Double

    /// How a recording looks.
    public init(samples: [Sample], cuts: [Double], end: Double) {
        self.samples = samples
        self.cuts = cuts
        self.end = end
    }
}

/// A highlight as it was rendered, in one file per format.
public struct Clip: Hashable, Sendable {
    /// One rendered file.
    public struct Rendition: Hashable, Sendable {
        /// Its shape.
        public let format: ClipFormat
        /// Where its bytes are.
        public let file: MediaFile
        /// Its picture's size.
        public let size: PictureSize
        /// Its length in seconds, as measured in the file.
        public let duration: Double

        /// A rendered file.
        public init(format: ClipFormat, file: MediaFile, size: PictureSize, duration: Double) {
            self.format = format
            self.file = file
            self.size = size
            self.duration = duration
        }
    }

    /// What became of the rendering.
    public enum Outcome: Hashable, Sendable {
        /// Every format is whole; `thumbnail` is a JPEG.
        case rendered([Rendition], thumbnail: MediaFile)
        /// It could not be rendered, and why.
        case failed(TaskFailure)
    }

    /// Its identifier.
    public let id: Identifier<Clip>
    /// The task it belongs to.
    public let task: Identifier<VideoTask>
    /// Its place among the task's clips, 1 for the best.
    public let rank: Int
    /// The span it shows and why.
    public let highlight: Highlight
    /// What became of it.
    public let outcome: Outcome

    /// A clip of a task.
    public init(
        id: Identifier<Clip>, task: Identifier<VideoTask>, rank: Int, highlight: Highlight, outcome: Outcome
    ) {
        self.id = id
        self.task = task
        self.rank = rank
        self.highlight = highlight
        self.outcome = outcome
    }

    /// The rendered files, none when it failed.
    public var renditions: [Rendition] {
        switch outcome {
        case .rendered(let renditions, _): renditions
        case .failed: []
        }
    }

    /// The still picture, nil when it failed.
    public var thumbnail: MediaFile? {
        switch outcome {
        case .rendered(_, let thumbnail): thumbnail
        case .failed: nil
        }
    }

    /// Why it could not be rendered, nil when it was.
    public var failure: TaskFailure? {
        switch outcome {
        case .rendered: nil
        case .failed(let failure): failure
        }
    }

    /// The identifier of one of the files of a task's clip: the same in every attempt, so that an attempt whose
    /// process was killed leaves nothing that the next one does not replace.
    ///
    /// - Parameter part: 0 for the still picture, then the formats in their order, from 1.
    public static func file(of task: Identifier<VideoTask>, rank: Int, part: Int) -> Identifier<MediaFile> {
        // The task's own 62 random bits keep the files of different tasks apart.
        Identifier(high: task.high, low: task.low ^ UInt64(truncatingIfNeeded: rank << 8 | part))
    }

    /// Whether that is the identifier of a file of one of the task's clips.
    public static func isFile(_ file: Identifier<MediaFile>, of task: Identifier<VideoTask>) -> Bool {
        file.high == task.high && file.low ^ task.low <= 0xFFFF
    }

    /// Every file that it owns.
    public var files: [MediaFile] {
        renditions.map(\.file) + (thumbnail.map { [$0] } ?? [])
    }
}

/// How much work goes into a clip.
public enum ProcessingMode: String, CaseIterable, Sendable {
    /// The quickest: a lighter encoder preset and a coarser look at the pictures.
    case fast
    /// The default.
    case balanced
    /// The best picture.
    case quality
}

/// What a person wants made of a source; a value of this type keeps every rule.
public struct ClipOptions: Hashable, Sendable {
    /// The most clips, 1–20.
    public static let countRange = 1...20
    /// Bounds of the least length of a clip, in seconds.
    public static let minDurationRange = 5.0...180.0
    /// Bounds of the greatest length of a clip, in seconds.
    public static let maxDurationRange = 10.0...300.0
    /// How many characters a topic may have.
    public static let topicLength = 1...200
    /// The most ranges that can be given by hand.
    public static let mostRanges = 20
    /// Bounds of the length of a range that is given by hand, in seconds.
    public static let rangeDuration = 1.0...300.0

    /// The caption template of who does not choose one.
    public static let ordinaryTemplate = "default"

    /// How many clips are wanted; fewer come when there are fewer moments.
    public let count: Int
    /// The least length of a clip, in seconds.
    public let minDuration: Double
    /// The greatest length of a clip, in seconds.
    public let maxDuration: Double
    /// The shapes to render, each once, in the order asked for.
    public private(set) var formats: [ClipFormat]
    /// The caption template by name, nil for no captions.
    public private(set) var captionTemplate: String?
    /// What of the template is to be otherwise.
    public private(set) var captionChanges: CaptionChanges
    /// What the clips should be about, nil for anything.
    public let topic: String?
    /// The spoken language as a BCP 47 tag, nil to find out.
    public let language: String?
    /// Spans chosen by hand; when there are any, nothing is searched.
    public let ranges: [TimeSpan]
    /// How much work goes into a clip.
    public let mode: ProcessingMode
    /// Who is told when the task has ended, nil for nobody.
    public let notifyAddress: WebhookAddress?

    /// Options that keep the rules.
    ///
    /// - Throws: ``ClipOptionsError`` with every rule that is broken, not only the first.
    public init(
        count: Int = 3, minDuration: Double = 15, maxDuration: Double = 60,
        formats: [ClipFormat] = [.vertical], captionTemplate: String? = Self.ordinaryTemplate,
        captionChanges: CaptionChanges = .none, topic: String? = nil, language: String? = nil,
        ranges: [TimeSpan] = [], mode: ProcessingMode = .balanced, notifyAddress: WebhookAddress? = nil
    ) throws(ClipOptionsError) {
        var broken: [ClipOptionsError.Rule] = []
        if !Self.countRange.contains(count) { broken.append(.count) }
        if !Self.minDurationRange.contains(minDuration) { broken.append(.minDuration) }
        if !Self.maxDurationRange.contains(maxDuration) { broken.append(.maxDuration) }
        if minDuration > maxDuration { broken.append(.durationOrder) }
        // A single one, which is what most want, needs no set.
        if formats.count != 1, formats.isEmpty || Set(formats).count != formats.count {
            broken.append(.formats)
        }
        if let font = captionChanges.font, !CaptionChanges.fontLength.contains(font.count) {
            broken.append(.captionFont)
        }
        if let size = captionChanges.size, !CaptionChanges.sizeRange.contains(size) {
            broken.append(.captionSize)
        }
        if let topic, !Self.topicLength.contains(topic.count) { broken.append(.topic) }
        if let language, !Self.isLanguageTag(language) { broken.append(.language) }
        if ranges.count > Self.mostRanges { broken.append(.rangeCount) }
        for (index, range) in ranges.enumerated()
        where range.start < 0 || !Self.rangeDuration.contains(range.duration) {
            broken.append(.range(index))
        }
        guard broken.isEmpty else { throw ClipOptionsError(broken: broken) }
        self.count = count
        self.minDuration = minDuration
        self.maxDuration = maxDuration
        self.formats = formats
        self.captionTemplate = captionTemplate
        self.captionChanges = captionChanges
        self.topic = topic
        self.language = language
        self.ranges = ranges
        self.mode = mode
        self.notifyAddress = notifyAddress
    }

    /// The same but for what ``Preferences`` know, which keep the same rules.
    func with(formats: [ClipFormat], captionTemplate: String?, captionChanges: CaptionChanges) -> ClipOptions
    {
        var options = self
        options.formats = formats
        options.captionTemplate = captionTemplate
        options.captionChanges = captionChanges
        return options
    }

    /// Whether `text` has the outer form of a BCP 47 tag: groups of 1–8 letters and digits joined by hyphens.
    private static func isLanguageTag(_ text: String) -> Bool {
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard let primary = groups.first, (2...8).contains(primary.count), text.utf8.count <= 35 else {
            return false
        }
        return groups.allSatisfy { group in
            (1...8).contains(group.count)
                && group.allSatisfy {
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                }
        }
    }
}

/// Which rules of ``ClipOptions`` were broken.
public struct ClipOptionsError: CodedError, Equatable {
    /// One broken rule.
    public enum Rule: Hashable, Sendable {
        /// The count is outside ``ClipOptions/countRange``.
        case count
        /// The least length is outside ``ClipOptions/minDurationRange``.
        case minDuration
        /// The greatest length is outside ``ClipOptions/maxDurationRange``.
        case maxDuration
        /// The least length exceeds the greatest.
        case durationOrder
        /// There is no format, or one stands twice.
        case formats
        /// The font's name is empty or too long.
        case captionFont
        /// The size is outside ``CaptionChanges/sizeRange``.
        case captionSize
        /// The topic is empty or too long.
        case topic
        /// The language is not a BCP 47 tag.
        case language
        /// There are too many ranges.
        case rangeCount
        /// The range at that index is negative, too short or too long.
        case range(Int)

        /// What was expected.
        public var expectation: String {
            switch self {
            case .count: "must be 1–20"
            case .minDuration: "must be 5–180 seconds"
            case .maxDuration: "must be 10–300 seconds"
            case .durationOrder: "min_duration must not exceed max_duration"
            case .formats: "must name at least one format and none twice"
            case .captionFont: "must be the name of a font family"
            case .captionSize: "must be 0.03–0.15 of the frame's shorter side"
            case .topic: "must have 1–200 characters"
            case .language: "must be a BCP 47 tag such as en or pt-BR"
            case .rangeCount: "at most \(ClipOptions.mostRanges) ranges are taken"
            case .range: "must start at 0 or later and last 1–300 seconds"
            }
        }
    }

    /// The broken rules, in the order of the fields.
    public let broken: [Rule]

    /// The stable code.
    public var code: String { "validation_failed" }

    /// What was wrong.
    public var explanation: String {
        broken.map { "\($0): \($0.expectation)" }.joined(separator: "; ")
    }
}

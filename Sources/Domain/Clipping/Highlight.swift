/// How a highlight catches its audience in the first seconds.
public enum HookType: String, CaseIterable, Sendable {
    /// It asks something.
    case question
    /// It claims something.
    case statement
    /// It opens with a number.
    case statistic
    /// It tells of something that happened.
    case story
    /// It sets one thing against another.
    case contrast
    /// It has no hook.
    case none
}

/// Why a highlight is worth sharing: four parts of 0–25 points each.
public struct HighlightScore: Hashable, Sendable {
    /// The range of each part.
    public static let range = 0...25

    /// How strongly it opens.
    public let hook: Int
    /// How well it holds.
    public let engagement: Int
    /// How much one learns from it.
    public let value: Int
    /// How likely it is to be passed on.
    public let shareability: Int

    /// A score; each part is clamped to 0–25.
    public init(hook: Int, engagement: Int, value: Int, shareability: Int) {
        func clamp(_ points: Int) -> Int { min(max(points, Self.range.lowerBound), Self.range.upperBound) }
        self.hook = clamp(hook)
        self.engagement = clamp(engagement)
        self.value = clamp(value)
        self.shareability = clamp(shareability)
    }

    /// The sum of the parts, 0–100.
    public var total: Int { hook + engagement + value + shareability }
}

/// A proposed span of a source and why it is worth a clip.
public struct Highlight: Hashable, Sendable {
    /// The span of the source.
    public let span: TimeSpan
    /// A headline of a few words.
    public let title: String
    /// What is said in it, from the transcript.
    public let text: String
    /// Why it is worth sharing, in points.
    public let score: HighlightScore
    /// How it opens.
    public let hookType: HookType
    /// Why it was chosen, in a sentence.
    public let reasoning: String

    /// A proposed highlight.
    public init(
        span: TimeSpan, title: String, text: String, score: HighlightScore, hookType: HookType,
        reasoning: String
    ) {
        self.span = span
        self.title = title
        self.text = text
        self.score = score
        self.hookType = hookType
        self.reasoning = reasoning
    }
}

/// What was found in a recording: its best spans, best first, and what it is about.
public struct Analysis: Hashable, Sendable {
    /// The highlights, best first; they do not overlap.
    public let highlights: [Highlight]
    /// What the recording is about, in a few sentences; nil when nothing was said.
    public let summary: String?
    /// The topics it turns on, most important first.
    public let keyTopics: [String]
    /// What found them, such as `offline`.
    public let finder: String

    /// The findings of one finder.
    public init(highlights: [Highlight], summary: String?, keyTopics: [String], finder: String) {
        self.highlights = highlights
        self.summary = summary
        self.keyTopics = keyTopics
        self.finder = finder
    }
}

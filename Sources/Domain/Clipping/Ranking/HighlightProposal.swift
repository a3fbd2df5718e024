/// A span that somebody proposes, a language model for instance, before it is held against the transcript.
public struct HighlightProposal: Hashable, Sendable {
    /// Where it is said to start, in seconds; nil when only words were given.
    public var start: Double?
    /// Where it is said to end, in seconds; nil when only words were given.
    public var end: Double?
    /// Words that are said to be spoken in it: all of them, or those it begins with.
    public var quote: String?
    /// A headline.
    public var title: String?
    /// Points for how it opens, 0–25; nil when none were given.
    public var hook: Int?
    /// Points for how well it holds, 0–25.
    public var engagement: Int?
    /// Points for how much one learns, 0–25.
    public var value: Int?
    /// Points for how likely it is to be passed on, 0–25.
    public var shareability: Int?
    /// How it is said to open.
    public var hookType: HookType?
    /// Why it was proposed.
    public var reasoning: String?

    /// A proposal.
    public init(
        start: Double? = nil, end: Double? = nil, quote: String? = nil, title: String? = nil,
        hook: Int? = nil, engagement: Int? = nil, value: Int? = nil, shareability: Int? = nil,
        hookType: HookType? = nil, reasoning: String? = nil
    ) {
        self.start = start
        self.end = end
        self.quote = quote
        self.title = title
        self.hook = hook
        self.engagement = engagement
        self.value = value
        self.shareability = shareability
        self.hookType = hookType
        self.reasoning = reasoning
    }
}

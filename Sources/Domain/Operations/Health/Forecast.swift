/// Where a number is going, as far as the past tells.
public struct Forecast: Hashable, Sendable {
    /// The part whose number it is.
    public let service: ComponentName
    /// Which number, such as `free_bytes`.
    public let metric: String
    /// What it is now.
    public let current: Double
    /// What it will be.
    public let forecast: Double
    /// When it will be too much or too little; nil when it will not.
    public let timeLeft: Duration?
    /// How sure that is, 0–1.
    public let confidence: Double
    /// How it was found.
    public let method: String
    /// From how many values.
    public let samples: Int
    /// When it was first told.
    public let raisedAt: Timestamp
    /// When it was over; nil while it holds.
    public let clearedAt: Timestamp?
    /// In a sentence.
    public let summary: String
    /// Whether the number is a time that grows; else something is used up.
    public let isAboutPerformance: Bool

    /// Where a number is going.
    public init(
        service: ComponentName, metric: String, current: Double, forecast: Double, timeLeft: Duration?,
        confidence: Double, method: String, samples: Int, raisedAt: Timestamp, clearedAt: Timestamp?,
        summary: String, isAboutPerformance: Bool
    ) {
        self.service = service
        self.metric = metric
        self.current = current
        self.forecast = forecast
        self.timeLeft = timeLeft
        self.confidence = confidence
        self.method = method
        self.samples = samples
        self.raisedAt = raisedAt
        self.clearedAt = clearedAt
        self.summary = summary
        self.isAboutPerformance = isAboutPerformance
    }
}

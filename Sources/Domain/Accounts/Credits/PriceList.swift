/// What a task costs, in rates.
///
/// A price is a function of what is known before the work begins: how long the source is, the formats, and how
/// much work goes into a clip.
public struct PriceList: Hashable, Sendable {
    /// One credit for each minute that has begun, half as much again for each further format.
    ///
    /// The fast mode costs half of that, the best one twice. A minute in one format costs one credit, so that
    /// the free plan's month is ten of its longest sources.
    public static let standard = PriceList(
        unchecked: 100, furtherFormat: 50, modes: [.fast: 50, .balanced: 100, .quality: 200])

    /// The bounds of ``perMinute``, in hundredths of a credit.
    public static let minuteRates = 0...100_000
    /// The bounds of ``furtherFormat`` and ``modes``, in percent.
    public static let percentages = 0...1000

    /// What a minute that has begun costs in one format, in hundredths of a credit.
    public let perMinute: Int
    /// What each format after the first costs, in percent of the first.
    public let furtherFormat: Int
    /// What a mode costs, in percent; one that is not named costs 100.
    public let modes: [ProcessingMode: Int]

    /// A list whose rates lie within their bounds.
    public init(perMinute: Int, furtherFormat: Int, modes: [ProcessingMode: Int]) throws(CreditError) {
        guard Self.minuteRates.contains(perMinute), Self.percentages.contains(furtherFormat),
            modes.values.allSatisfy(Self.percentages.contains)
        else { throw .rates }
        self.init(unchecked: perMinute, furtherFormat: furtherFormat, modes: modes)
    }

    private init(unchecked perMinute: Int, furtherFormat: Int, modes: [ProcessingMode: Int]) {
        self.perMinute = perMinute
        self.furtherFormat = furtherFormat
        self.modes = modes
    }

    /// The price of making clips of a source of that length.
    ///
    /// Rounded up to a whole credit; at least 1 unless a rate is 0, and never more than one hold can take.
    public func price(of length: Duration, formats: Int, mode: ProcessingMode) -> CreditPrice {
        let minutes = Self.startedMinutes(of: length)
        let formatPercent = 100 + furtherFormat * max(0, min(formats, ClipFormat.allCases.count) - 1)
        let millionths = minutes * perMinute * formatPercent * modes[mode, default: 100]
        let credits = (millionths + 999_999) / 1_000_000
        return CreditPrice(
            credits: min(credits, CreditLedger.amounts.upperBound), minutes: minutes, formats: formats,
            mode: mode)
    }

    /// The longest source that is told apart, in minutes: with the bounds of the rates no product of them
    /// overflows.
    private static let mostMinutes = 1_000_000

    private static func startedMinutes(of length: Duration) -> Int {
        guard length < .seconds(mostMinutes * 60) else { return mostMinutes }
        let (seconds, attoseconds) = length.components
        let started = Int(seconds) + (attoseconds > 0 ? 1 : 0)
        return max(1, (started + 59) / 60)
    }
}

/// What a task costs and why: shown before it is ordered, held when it is.
public struct CreditPrice: Hashable, Sendable {
    /// The whole price.
    public let credits: Int
    /// The minutes of the source that were counted.
    public let minutes: Int
    /// The number of formats that were counted.
    public let formats: Int
    /// The mode that was counted.
    public let mode: ProcessingMode

    /// What is due of it when `made` of `ordered` clips were made.
    ///
    /// In proportion, rounded down in the user's favour; at least 1 when anything was made, all when as many
    /// were made as were ordered, nothing when none was.
    public func due(made: Int, of ordered: Int) -> Int {
        Self.due(of: credits, made: made, of: ordered)
    }

    /// What is due of `credits` that are held when `made` of `ordered` clips were made; see ``due(made:of:)``.
    public static func due(of credits: Int, made: Int, of ordered: Int) -> Int {
        guard made > 0, credits > 0 else { return 0 }
        guard made < ordered else { return credits }
        // Full width, so that no count of clips is too large.
        let product = credits.multipliedFullWidth(by: made)
        return max(1, ordered.dividingFullWidth(product).quotient)
    }
}

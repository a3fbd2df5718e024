/// What a task would cost, as far as its source is known.
public struct CreditQuote: Hashable, Sendable {
    /// The price.
    public let price: CreditPrice
    /// Whether it is the price of the source itself; else it is that of the longest one that is taken, and so the
    /// most that the task can cost.
    public let isExact: Bool

    /// A price and whether it is more than a bound.
    public init(price: CreditPrice, isExact: Bool) {
        self.price = price
        self.isExact = isExact
    }
}

extension PriceList {
    /// What a task with these options would cost.
    ///
    /// - Parameters:
    ///   - length: How long the source is; nil before it is here.
    ///   - longest: The longest source that is taken.
    public func quote(for options: ClipOptions, of length: Duration?, atMost longest: Duration) -> CreditQuote
    {
        let price = price(of: length ?? longest, formats: options.formats.count, mode: options.mode)
        return CreditQuote(price: price, isExact: length != nil)
    }
}

extension MediaFacts {
    /// The length that is priced and held against plans: whole seconds, since the sound of a video of a minute
    /// often ends a frame after it.
    public var countedLength: Duration {
        duration.isFinite ? .seconds(Int64(min(max(duration, 0), 1e9))) : .zero
    }
}

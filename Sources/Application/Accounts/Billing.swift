public import Domain

/// What tasks cost on this server.
public struct Tariff: Sendable {
    /// The rates.
    public let prices: PriceList
    /// The longest source that the server takes, whatever the plan.
    public let longestSource: Duration

    /// A tariff.
    ///
    /// - Parameter limitSeconds: The longest source that the server takes, in seconds.
    public init(prices: PriceList = .standard, limitSeconds: Double) {
        self.prices = prices
        longestSource = .seconds(limitSeconds)
    }

    /// What a task would cost on a plan; `length` is nil before the source is here.
    func quote(for options: ClipOptions, of length: Duration?, on tier: Tier) -> CreditQuote {
        let longest = min(tier.longestSource ?? longestSource, longestSource)
        return prices.quote(for: options, of: length, atMost: longest)
    }
}

/// What orders of people with accounts are held against; without it everything is free.
public struct Billing: Sendable {
    /// What tasks cost.
    public let tariff: Tariff
    /// Says when a user's day ends.
    let calendar: any Calendar

    /// The billing of a server.
    public init(tariff: Tariff, calendar: any Calendar) {
        self.tariff = tariff
        self.calendar = calendar
    }
}

/// Why an order is not taken: what the plan, or the credits, do not allow.
public enum OrderRefusal: CodedError, Equatable {
    /// The plan does not allow it.
    case quota(QuotaError)
    /// There are fewer credits than have to be held.
    case credits(CreditQuote, needed: Int, available: Int)

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .quota(let error): error.code
        case .credits(_, let needed, let available):
            CreditError.insufficient(needed: needed, available: available).code
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .quota(let error): error.explanation
        case .credits(let quote, let needed, let available):
            "This needs \(quote.isExact ? "" : "up to ")\(needed) credits (minutes: \(quote.price.minutes), "
                + "formats: \(quote.price.formats), mode: \(quote.price.mode.rawValue)), and \(available) are "
                + "available. A shorter source, fewer formats or a faster mode cost less; wait for tasks that "
                + "still hold credits, or for the credits of the next month."
        }
    }
}

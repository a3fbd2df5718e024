/// A number of credits by where they came from.
public struct CreditParts: Hashable, Sendable {
    /// None.
    public static let none = CreditParts(monthly: 0, bought: 0)

    /// Credits of a month's grant, which expire with the month.
    public let monthly: Int
    /// Credits that were bought or given, which do not expire.
    public let bought: Int

    /// So many of each.
    public init(monthly: Int, bought: Int) {
        self.monthly = monthly
        self.bought = bought
    }

    /// All of them.
    public var total: Int { monthly + bought }

    /// Whether neither number is below zero.
    var isCovered: Bool { monthly >= 0 && bought >= 0 }

    /// `amount` of them, those that expire first; never more than there are.
    func first(_ amount: Int) -> CreditParts {
        let fromMonthly = min(monthly, amount)
        return CreditParts(monthly: fromMonthly, bought: min(bought, amount - fromMonthly))
    }

    /// `amount` of them, those that do not expire before the others; never more than there are.
    func last(_ amount: Int) -> CreditParts {
        let fromBought = min(bought, amount)
        return CreditParts(monthly: min(monthly, amount - fromBought), bought: fromBought)
    }

    static func + (first: Self, second: Self) -> Self {
        CreditParts(monthly: first.monthly + second.monthly, bought: first.bought + second.bought)
    }

    static func - (first: Self, second: Self) -> Self {
        CreditParts(monthly: first.monthly - second.monthly, bought: first.bought - second.bought)
    }

    static prefix func - (parts: Self) -> Self { none - parts }
}

/// The rules of credits.
public enum CreditError: CodedError, Equatable {
    /// What was asked needs more credits than there are.
    case insufficient(needed: Int, available: Int)
    /// An amount is 1–1,000,000.
    case amount
    /// Nobody has more than 1,000,000,000 credits.
    case balanceTooLarge
    /// A hold that has ended cannot be captured or released again.
    case holdEnded
    /// No more can be captured or released than is still held.
    case holdTooSmall(remaining: Int)
    /// No more can come back than was spent.
    case refundTooLarge(refundable: Int)
    /// A hold belongs to the ledger that made it.
    case otherLedger
    /// An adjustment has a reason of 1–200 characters.
    case reason
    /// No balance is below zero.
    case overdrawn
    /// The entry with that number does not follow from those before it.
    case entriesDisagree(number: Int)
    /// The rates of a price list lie within their bounds.
    case rates

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .insufficient: "insufficient_credits"
        case .amount: "credit_amount"
        case .balanceTooLarge: "credit_balance_too_large"
        case .holdEnded: "credit_hold_ended"
        case .holdTooSmall: "credit_hold_too_small"
        case .refundTooLarge: "credit_refund_too_large"
        case .otherLedger: "credit_other_ledger"
        case .reason: "credit_reason"
        case .overdrawn: "credit_overdrawn"
        case .entriesDisagree: "credit_entries_disagree"
        case .rates: "credit_rates"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .insufficient(let needed, let available):
            "This needs \(needed) credits, and \(available) are available."
        case .amount:
            "An amount is \(CreditLedger.amounts.lowerBound)–\(CreditLedger.amounts.upperBound) credits."
        case .balanceTooLarge: "Nobody has more than \(CreditLedger.largestBalance) credits."
        case .holdEnded: "The credits that were held have all been spent or given back already."
        case .holdTooSmall(let remaining): "Only \(remaining) credits are still held."
        case .refundTooLarge(let refundable): "At most \(refundable) credits can be given back."
        case .otherLedger: "The credits were held for another user."
        case .reason:
            "An adjustment has a reason of \(CreditLedger.reasonLength.lowerBound)–"
                + "\(CreditLedger.reasonLength.upperBound) characters."
        case .overdrawn: "The balance would fall below zero."
        case .entriesDisagree(let number):
            "Entry \(number) of the credit ledger does not follow from those before it."
        case .rates: "A rate of the price list lies outside its bounds."
        }
    }
}

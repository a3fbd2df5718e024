public import Domain

/// How many credits moved in the ledgers of all users, deleted ones included.
public struct CreditTotals: Hashable, Sendable {
    private let moved: [CreditEntry.Kind.Name: Int]

    /// What moved in entries of each kind; a kind that is missing has none.
    public init(_ moved: [CreditEntry.Kind.Name: Int]) {
        self.moved = moved
    }

    /// Credits that came in: those of a month, bought ones and presents.
    public var granted: Int { self[.grant] }
    /// By how much administrators corrected balances; below zero when they took more than they gave.
    public var adjusted: Int { self[.adjust] }
    /// Credits that were spent, those that came back later included.
    public var captured: Int { self[.capture] }
    /// Credits that came back after they had been spent.
    public var refunded: Int { self[.refund] }
    /// Credits that ended with their month.
    public var expired: Int { self[.expire] }
    /// Credits that are set aside for tasks now.
    public var held: Int { self[.hold] - self[.capture] - self[.release] }
    /// Credits that can be spent now.
    public var available: Int {
        self[.grant] + self[.adjust] + self[.release] + self[.refund] - self[.hold] - self[.expire]
    }

    private subscript(kind: CreditEntry.Kind.Name) -> Int { moved[kind, default: 0] }
}

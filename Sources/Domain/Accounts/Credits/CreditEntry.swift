/// One line of a user's credit ledger: what moved, why, and what there was after it.
///
/// Entries are only ever added. All that a ledger says follows from them; see ``CreditLedger/init(of:replaying:)``.
public struct CreditEntry: Hashable, Sendable {
    /// Why credits moved.
    public enum Kind: Hashable, Sendable {
        /// The plan's credits for a month came in.
        case monthlyGrant(CreditPeriod)
        /// Credits that were bought or given came in.
        case grant
        /// Credits were set aside for a task.
        case hold(Identifier<CreditHold>)
        /// Credits that were held were spent.
        case capture(Identifier<CreditHold>)
        /// Credits that were held came back.
        case release(Identifier<CreditHold>)
        /// Credits that had been spent came back.
        case refund(Identifier<CreditHold>)
        /// An administrator corrected the balance, and why.
        case adjust(reason: String)
        /// Credits ended with their month, or because an administrator said so.
        case expire

        /// The kind without its data.
        public var name: Name {
            switch self {
            case .monthlyGrant, .grant: .grant
            case .hold: .hold
            case .capture: .capture
            case .release: .release
            case .refund: .refund
            case .adjust: .adjust
            case .expire: .expire
            }
        }

        /// The names under which clients know the kinds.
        public enum Name: String, CaseIterable, Sendable {
            case grant, hold, capture, release, refund, adjust, expire

            /// What it is called in the audit trail.
            public var action: AuditAction {
                switch self {
                case .grant: .creditsGranted
                case .hold: .creditsHeld
                case .capture: .creditsCaptured
                case .release: .creditsReleased
                case .refund: .creditsRefunded
                case .adjust: .creditsAdjusted
                case .expire: .creditsExpired
                }
            }
        }

        /// The hold that it is about, nil when it is about none.
        public var hold: Identifier<CreditHold>? {
            switch self {
            case .hold(let id), .capture(let id), .release(let id), .refund(let id): id
            case .monthlyGrant, .grant, .adjust, .expire: nil
            }
        }
    }

    /// Whose ledger it stands in.
    public let user: Identifier<User>
    /// Its place in the ledger, 1 for the first.
    public let number: Int
    /// When it was made.
    public let at: Timestamp
    /// Why credits moved.
    public let kind: Kind
    /// How many moved; below zero only when an adjustment took them away.
    public let parts: CreditParts
    /// What was available after it.
    public let available: Int
    /// What was held after it.
    public let held: Int

    /// An entry as a store keeps it.
    public init(
        user: Identifier<User>, number: Int, at: Timestamp, kind: Kind, parts: CreditParts, available: Int,
        held: Int
    ) {
        self.user = user
        self.number = number
        self.at = at
        self.kind = kind
        self.parts = parts
        self.available = available
        self.held = held
    }

    /// The entry without what a person wrote, for a ledger whose user is deleted.
    package var withoutReason: CreditEntry {
        guard case .adjust = kind else { return self }
        return CreditEntry(
            user: user, number: number, at: at, kind: .adjust(reason: ""), parts: parts, available: available,
            held: held)
    }

    /// How the entry is told to others.
    public var event: AccountEvent {
        AccountEvent(
            user: user, version: number, at: at,
            change: .creditsMoved(kind.name, amount: parts.total, available: available))
    }
}

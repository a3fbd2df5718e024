public import Domain

/// Reads credits.
public protocol CreditReader {
    /// The summary of a user's ledger; an empty one when nothing was ever entered.
    func ledger(of user: Identifier<User>) throws -> CreditLedger
    /// Up to `limit` entries of a user before the one with the number `cursor`, newest first.
    func entries(of user: Identifier<User>, limit: Int, before cursor: Int?) throws -> Page<CreditEntry, Int>
    /// The hold with that identifier; nil when there is none.
    func hold(_ id: Identifier<CreditHold>) throws -> CreditHold?
    /// The hold of a task that has not ended; nil when there is none.
    func openHold(of task: Identifier<VideoTask>) throws -> CreditHold?
    /// The latest hold of a task, ended or not; nil when there was none.
    func latestHold(of task: Identifier<VideoTask>) throws -> CreditHold?
    /// All holds of a task, those that have ended included, in the order of their identifiers.
    func holds(of task: Identifier<VideoTask>) throws -> [CreditHold]
    /// The holds of a user that have not ended, newest first.
    func openHolds(of user: Identifier<User>) throws -> [CreditHold]
    /// How many tasks a user has ordered today.
    func allowance(of user: Identifier<User>) throws -> DailyAllowance
    /// How many credits moved in the entries of all users, by kind; a kind without entries may be missing.
    func totals() throws -> [CreditEntry.Kind.Name: Int]
}

extension CreditLedger {
    /// Whether the entries are of this ledger, follow each other without a gap, and end where it stands.
    package func isReached(by entries: [CreditEntry]) -> Bool {
        entries.enumerated().allSatisfy { place, entry in
            entry.user == user && entry.number == version - entries.count + 1 + place
        }
    }
}

/// Changes credits.
public protocol CreditWriter {
    /// Appends entries and keeps the summary that follows from them; no entries change nothing.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when the numbers of the entries do not go on where the stored ones end.
    func append(_ entries: [CreditEntry], leadingTo ledger: CreditLedger) throws
    /// Takes the reasons, which people wrote, out of a user's entries; nothing else of an entry ever changes.
    func forgetReasons(of user: Identifier<User>) throws
    /// Adds a hold, or replaces it.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when its task has another hold that has not ended.
    func put(_ hold: CreditHold) throws
    /// Keeps how many tasks a user has ordered today.
    func put(_ allowance: DailyAllowance, of user: Identifier<User>) throws
}

/// Reads plans.
public protocol TierReader {
    /// The plan with that name; nil when there is none.
    func find(_ name: Tier.Name) throws -> Tier?
    /// All plans, by name.
    func all() throws -> [Tier]
}

/// Changes plans.
public protocol TierWriter {
    /// Adds a plan, or replaces the one with its name.
    func put(_ tier: Tier) throws
}

import Domain

extension StoreReader {
    /// A user's credits as they are in the present month, and the entries that are still to be written for that.
    ///
    /// Who may not work is given nothing.
    func presentCredits(of user: User, at now: Timestamp) throws
        -> (ledger: CreditLedger, entries: [CreditEntry])
    {
        var ledger = try credits.ledger(of: user.id)
        guard user.standing(at: now) == .active else { return (ledger, []) }
        let monthly = try tier(user.tier).monthlyCredits
        let entries = try ledger.renew(for: CreditPeriod(containing: now), upTo: monthly, at: now)
        return (ledger, entries)
    }
}

extension StoreWriter {
    /// A user's credits, after the credits of the present month and plan have come in.
    func renewCredits(of user: User, doing deed: Deed) throws -> CreditLedger {
        let (ledger, entries) = try presentCredits(of: user, at: deed.now)
        try enter(entries, leadingTo: ledger, doing: deed.automatic)
        return ledger
    }

    /// Keeps what moved in a ledger, and tells it.
    func enter(
        _ entries: [CreditEntry], leadingTo ledger: CreditLedger, doing deed: Deed, detail: String? = nil
    ) throws {
        guard !entries.isEmpty else { return }
        try creditWriter.append(entries, leadingTo: ledger)
        try record(entries.map(\.event), of: deed, detail: detail)
    }
}

extension CreditLedger {
    /// Ends a hold: what is due of it is spent, as far as it goes, and the rest comes back.
    ///
    /// One that has ended is left as it is.
    ///
    /// - Parameter due: How many credits are to be spent; see ``CreditHold/due(made:of:paid:)``.
    public mutating func settle(_ hold: inout CreditHold, due: Int, at now: Timestamp) throws(CreditError)
        -> [CreditEntry]
    {
        var (next, ending) = (self, hold)
        var entries: [CreditEntry] = []
        let spent = min(max(due, 0), hold.remaining.total)
        if spent > 0 { entries.append(try next.capture(spent, of: &ending, at: now)) }
        if ending.remaining.total > 0 { entries += try next.release(of: &ending, at: now) }
        (self, hold) = (next, ending)
        return entries
    }

    /// Gives back what a hold has beyond `amount`; one that has no more is left as it is.
    public mutating func reduce(_ hold: inout CreditHold, to amount: Int, at now: Timestamp)
        throws(CreditError) -> [CreditEntry]
    {
        let excess = hold.remaining.total - max(amount, 0)
        return excess > 0 ? try release(excess, of: &hold, at: now) : []
    }
}

extension CreditHold {
    /// What is due of it when `made` of `planned` clips are there.
    ///
    /// The whole price is what has been paid for the task already, under holds that have ended, and what remains
    /// of this one; see ``CreditPrice/due(made:of:)``.
    public func due(made: Int, of planned: Int, paid: Int) -> Int {
        max(0, CreditPrice.due(of: paid + remaining.total, made: made, of: planned) - paid)
    }
}

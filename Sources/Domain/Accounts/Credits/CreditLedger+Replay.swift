extension CreditLedger {
    /// Derives the summary from all entries of a user, from the first, and checks each on the way.
    ///
    /// A store's summary that differs from this one, or entries that throw here, mean that someone changed them
    /// by other means.
    ///
    /// - Throws: ``CreditError/entriesDisagree(number:)`` with the first entry that does not follow.
    public init(of user: Identifier<User>, replaying entries: some Sequence<CreditEntry>) throws(CreditError)
    {
        self.init(of: user)
        var holds: [Identifier<CreditHold>: (remaining: CreditParts, refundable: Int)] = [:]
        for entry in entries {
            let fault = CreditError.entriesDisagree(number: entry.number)
            guard entry.user == user, entry.number == version + 1, entry.moves(&holds) else { throw fault }
            do throws(CreditError) {
                try apply(entry.kind, entry.parts)
            } catch {
                throw fault
            }
            guard entry.available == available.total, entry.held == held.total else { throw fault }
        }
    }
}

extension CreditEntry {
    /// Does to the holds what it says; false when a hold has not what it takes.
    fileprivate func moves(
        _ holds: inout [Identifier<CreditHold>: (remaining: CreditParts, refundable: Int)]
    ) -> Bool {
        let possible = -CreditLedger.largestBalance...CreditLedger.largestBalance
        guard possible.contains(parts.monthly), possible.contains(parts.bought), parts != .none else {
            return false
        }
        if case .adjust = kind { return true }
        guard parts.isCovered else { return false }
        guard let id = kind.hold else { return true }
        if case .hold = kind {
            guard holds[id] == nil else { return false }
            holds[id] = (parts, 0)
            return true
        }
        guard var hold = holds[id] else { return false }
        if case .refund = kind {
            hold.refundable -= parts.total
        } else {
            hold.remaining = hold.remaining - parts
            if case .capture = kind { hold.refundable += parts.total }
        }
        holds[id] = hold
        return hold.remaining.isCovered && hold.refundable >= 0
    }
}

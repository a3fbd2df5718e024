public import Domain

/// What somebody has in credits.
public struct CreditStatement: Hashable, Sendable {
    /// What can be spent and what is held.
    public let ledger: CreditLedger
    /// What it is held for: the holds that have not ended, newest first.
    public let holds: [CreditHold]
}

/// Shows callers their credits; those of a month that has begun come in first.
public struct GetCredits: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// The balance now.
    ///
    /// Only the first look in a month, or on a plan with more, writes something.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``.
    public func callAsFunction(by caller: Caller) async throws -> CreditStatement {
        try caller.require(.creditsRead)
        let deed = desk.deed(by: caller, from: .server)
        let present = try desk.store.read { reader -> CreditStatement? in
            let (ledger, entries) = try reader.presentCredits(of: try reader.user(caller.user), at: deed.now)
            return entries.isEmpty ? try reader.statement(ledger) : nil
        }
        if let present { return present }
        return try await desk.store.write { writer in
            let user = try writer.user(caller.user)
            return try writer.statement(try writer.renewCredits(of: user, doing: deed))
        }
    }
}

extension StoreReader {
    /// A ledger with the holds that explain it.
    func statement(_ ledger: CreditLedger) throws -> CreditStatement {
        CreditStatement(ledger: ledger, holds: try credits.openHolds(of: ledger.user))
    }
}

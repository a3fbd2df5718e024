public import Domain

/// Corrects a user's balance by hand.
public struct AdjustCredits: Sendable {
    private let desk: AccountDesk
    private let input: TypedInput

    /// The use case over its ports.
    public init(desk: AccountDesk, input: TypedInput) {
        self.desk = desk
        self.input = input
    }

    /// Adds credits that do not expire, or takes some away.
    ///
    /// - Parameter amount: Below zero to take credits away.
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``, ``Domain/UserError``, ``Domain/CreditError``.
    public func callAsFunction(
        of id: Identifier<User>, by amount: Int, because reason: String, by caller: Caller,
        from origin: Origin
    ) async throws -> CreditStatement {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        let reason = input.text(reason)
        return try await desk.store.write { writer in
            let user = try writer.activeUser(id, at: deed.now)
            var ledger = try writer.renewCredits(of: user, doing: deed)
            let entry = try ledger.adjust(by: amount, because: reason, at: deed.now)
            try writer.enter([entry], leadingTo: ledger, doing: deed, detail: reason)
            return try writer.statement(ledger)
        }
    }
}

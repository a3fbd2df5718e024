public import Domain

/// Puts a user on another plan.
public struct ChangeTier: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Moves the user; a plan with more credits brings in the difference at once, one with fewer takes nothing
    /// away.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``, ``NotFound/tier``, ``Domain/UserError``.
    public func callAsFunction(
        _ id: Identifier<User>, to tier: Tier.Name, by caller: Caller, from origin: Origin
    ) async throws -> User {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        return try await desk.change(id, doing: deed) { user, writer in
            _ = try writer.tier(tier)
            // The former plan's month first, so that what was due stays.
            _ = try writer.renewCredits(of: user, doing: deed)
            let events = try user.change(tier: tier, at: deed.now)
            _ = try writer.renewCredits(of: user, doing: deed)
            return events
        }
    }
}

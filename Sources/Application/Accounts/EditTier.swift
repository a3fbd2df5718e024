public import Domain

/// Changes a plan, or adds one.
public struct EditTier: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Keeps the plan in place of the one with its name; it holds for its users from now on, and more credits
    /// come in when they next look.
    ///
    /// - Returns: Whether there was none with its name.
    /// - Throws: ``Domain/AccessError``.
    @discardableResult
    public func callAsFunction(_ tier: Tier, by caller: Caller, from origin: Origin) async throws -> Bool {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        return try await desk.store.write { writer in
            let former = try writer.tiers.find(tier.name)
            guard former != tier else { return false }
            try writer.tierWriter.put(tier)
            try writer.note(.tierEdited, on: .server, of: deed, detail: tier.name.text)
            return former == nil
        }
    }
}

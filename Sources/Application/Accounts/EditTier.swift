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
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(_ tier: Tier, by caller: Caller, from origin: Origin) async throws {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        try await desk.store.write { writer in
            guard try writer.tiers.find(tier.name) != tier else { return }
            try writer.tierWriter.put(tier)
            try writer.note(.tierEdited, on: .server, of: deed, detail: tier.name.text)
        }
    }
}

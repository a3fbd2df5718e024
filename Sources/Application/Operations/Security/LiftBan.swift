public import Domain

/// Serves an address again.
public struct LiftBan: Sendable {
    private let desk: AccountDesk
    private let bans: BanList

    /// The use case over its ports.
    public init(desk: AccountDesk, bans: BanList) {
        self.desk = desk
        self.bans = bans
    }

    /// Lifts the ban of an address and forgets its strikes.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/ban``.
    public func callAsFunction(_ address: NetworkAddress, by caller: Caller, from origin: Origin) async throws
    {
        try caller.require(.admin)
        let address = address.subscriber
        guard let ban = bans.present.first(where: { $0.address == address }) else { throw NotFound.ban }
        let deed = desk.deed(by: caller, from: origin)
        await bans.settle()
        try await desk.store.write { writer in
            try writer.banWriter.remove(address)
            try writer.note(.banLifted, on: ban.subject, of: deed)
        }
        bans.lift(address)
    }
}

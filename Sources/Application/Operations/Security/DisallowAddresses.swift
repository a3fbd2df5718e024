public import Domain

/// Has addresses judged like all others again.
public struct DisallowAddresses: Sendable {
    private let desk: AccountDesk
    private let bans: BanList

    /// The use case over its ports.
    public init(desk: AccountDesk, bans: BanList) {
        self.desk = desk
        self.bans = bans
    }

    /// Takes a block of addresses off the list.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/ban``.
    public func callAsFunction(_ range: AddressRange, by caller: Caller, from origin: Origin) async throws {
        try caller.require(.admin)
        guard let allowed = bans.allowed.first(where: { $0.range == range }) else { throw NotFound.ban }
        let deed = desk.deed(by: caller, from: origin)
        try await desk.store.write { writer in
            try writer.banWriter.remove(range)
            try writer.note(.addressDisallowed, on: allowed.subject, of: deed)
        }
        bans.disallow(range)
    }
}

public import Domain

/// Has addresses never banned.
public struct AllowAddresses: Sendable {
    private let desk: AccountDesk
    private let bans: BanList

    /// The use case over its ports.
    public init(desk: AccountDesk, bans: BanList) {
        self.desk = desk
        self.bans = bans
    }

    /// Allows a block of addresses; bans of addresses in it are lifted.
    ///
    /// - Throws: ``Domain/AccessError``, ``BanError/reason``.
    public func callAsFunction(
        _ range: AddressRange, because reason: String, by caller: Caller, from origin: Origin
    ) async throws -> AllowedAddresses {
        try caller.require(.admin)
        guard AddressBan.reasonLength.contains(reason.unicodeScalars.count) else { throw BanError.reason }
        let deed = desk.deed(by: caller, from: origin)
        let allowed = AllowedAddresses(range: range, reason: reason, addedAt: deed.now)
        await bans.settle()
        let banned = bans.present.map(\.address).filter { BanList.meets($0, range) }
        try await desk.store.write { writer in
            try writer.banWriter.put(allowed)
            for address in banned { try writer.banWriter.remove(address) }
            try writer.note(.addressAllowed, on: allowed.subject, of: deed, detail: reason)
        }
        bans.allow(allowed)
        return allowed
    }
}

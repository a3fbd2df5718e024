public import Domain

/// Lists from where nothing is served, and from where everything is.
public struct ListBans: Sendable {
    private let bans: BanList

    /// The use case over the list.
    public init(bans: BanList) {
        self.bans = bans
    }

    /// The bans that hold now, those that end first first.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) throws -> [AddressBan] {
        try caller.require(.admin)
        return bans.present
    }

    /// The addresses that are never banned.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func allowed(by caller: Caller) throws -> [AllowedAddresses] {
        try caller.require(.admin)
        return bans.allowed
    }
}

public import Domain

/// Reads from where nothing is served, and from where everything is.
public protocol BanReader {
    /// All bans that are remembered, those that are over included.
    func all() throws -> [AddressBan]
    /// The addresses that are never banned, the oldest first.
    func allowed() throws -> [AllowedAddresses]
}

extension AddressBan {
    /// For how long a ban is remembered that is over, so that the next one lasts longer.
    public static let lifetimeOnceOver = Duration.seconds(30 * 86_400)
}

/// Changes from where nothing is served, and from where everything is.
public protocol BanWriter {
    /// Keeps a ban; an earlier one of the same address is replaced.
    func put(_ ban: AddressBan) throws
    /// Forgets the ban of an address.
    func remove(_ address: NetworkAddress) throws
    /// Keeps addresses that are never banned; an earlier line about the same block is replaced.
    func put(_ allowed: AllowedAddresses) throws
    /// Forgets that a block is never banned.
    func remove(_ range: AddressRange) throws
    /// Forgets up to `limit` bans that were over before `moment`; returns how many.
    func forget(overBefore moment: Timestamp, limit: Int) throws -> Int
}

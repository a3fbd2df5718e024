import Domain

/// Bans in memory.
struct InMemoryBans: BanReader {
    let reader: InMemoryReader

    func all() throws -> [AddressBan] {
        reader.tables.bans.values.sorted {
            ($0.until, $0.address.description) < ($1.until, $1.address.description)
        }
    }

    func allowed() throws -> [AllowedAddresses] {
        reader.tables.allowedAddresses.values.sorted {
            ($0.addedAt, $0.range.description) < ($1.addedAt, $1.range.description)
        }
    }
}

/// Bans in memory, to be changed.
struct InMemoryBanWriter: BanWriter {
    let writer: InMemoryWriter

    func put(_ ban: AddressBan) throws { writer.set(\.bans, ban.address, ban) }
    func remove(_ address: NetworkAddress) throws { writer.set(\.bans, address, nil) }
    func put(_ allowed: AllowedAddresses) throws { writer.set(\.allowedAddresses, allowed.range, allowed) }
    func remove(_ range: AddressRange) throws { writer.set(\.allowedAddresses, range, nil) }

    func forget(overBefore moment: Timestamp, limit: Int) throws -> Int {
        let over = writer.changing.bans.values.filter { $0.until < moment }.sorted { $0.until < $1.until }
        for ban in over.prefix(limit) { try remove(ban.address) }
        return min(limit, over.count)
    }
}

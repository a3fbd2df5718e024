import Domain

/// How much somebody may still keep.
struct StorageRoom {
    /// How many bytes the plan keeps in all.
    let limit: Int64
    /// How many more there may be.
    let left: Int64

    /// Checks that as many bytes may be added.
    func require(_ bytes: Int64) throws(QuotaError) {
        guard bytes <= left else { throw .storageFull(limit: limit) }
    }
}

extension StoreReader {
    /// How much a user's plan still keeps; nil where there is no plan.
    ///
    /// - Throws: ``Domain/UserError`` when the user may not work now.
    func storageRoom(of id: Identifier<User>, at now: Timestamp) throws -> StorageRoom? {
        guard let user = try account(of: id, at: now) else { return nil }
        let limit = try tier(user.tier).storage
        return StorageRoom(limit: limit, left: limit - (try tasks.statistics(of: id).mediaBytes))
    }
}

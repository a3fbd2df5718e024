public import Domain

/// The webhooks of users, with what signs and what was delivered, which go with them.
public struct WebhookBelongings: UserBelongings {
    /// Belongings of any user.
    public init() {}

    /// Removes them at once; the jobs of deliveries that are gone end by themselves.
    public func remove(of user: Identifier<User>, in writer: any StoreWriter, at now: Timestamp) throws {
        try writer.webhookWriter.forgetAll(of: user)
    }
}

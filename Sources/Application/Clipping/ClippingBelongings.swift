public import Domain

/// The tasks and uploads of users, which go with them.
public struct ClippingBelongings: UserBelongings {
    /// How many tasks are looked at together.
    private static let batch = 100

    private let identifiers: IdentifierMaker

    /// Belongings whose removal is left to a job with an identifier of this maker.
    public init(identifiers: IdentifierMaker) {
        self.identifiers = identifiers
    }

    /// Cancels what waits and runs for the user at once, and enqueues the job that removes everything.
    public func remove(of user: Identifier<User>, in writer: any StoreWriter, at now: Timestamp) throws {
        for status in [VideoTask.Status.Name.running, .queued] {
            var cursor: Identifier<VideoTask>?
            repeat {
                let page = try writer.tasks.page(of: user, status: status, limit: Self.batch, before: cursor)
                for listing in page.items {
                    var task = listing.task
                    try writer.cancel(&task, at: now)
                }
                cursor = page.next
            } while cursor != nil
        }
        try writer.enqueue(RemoveBelongings.job(for: user, id: identifiers.make(), at: now))
    }
}

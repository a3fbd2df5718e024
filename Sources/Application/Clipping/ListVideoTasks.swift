public import Domain

/// Lists the tasks, newest first.
public struct ListVideoTasks: Sendable {
    /// How many tasks a page may have.
    public static let limitRange = 1...100

    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// Up to `limit` (clamped to 1–100) tasks created before the one at `cursor`.
    public func callAsFunction(
        status: VideoTask.Status.Name? = nil, limit: Int = 20, before cursor: Identifier<VideoTask>? = nil
    ) throws -> Page<TaskListing, Identifier<VideoTask>> {
        let limit = min(max(limit, Self.limitRange.lowerBound), Self.limitRange.upperBound)
        return try store.read { try $0.tasks.page(status: status, limit: limit, before: cursor) }
    }
}

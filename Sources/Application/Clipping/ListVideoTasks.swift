public import Domain

/// Lists the caller's tasks, newest first.
public struct ListVideoTasks: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// Up to `limit` (brought into ``Domain/PageSize/range``) tasks created before the one at `cursor`.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(
        by caller: Caller, status: VideoTask.Status.Name? = nil, limit: Int = PageSize.usual,
        before cursor: Identifier<VideoTask>? = nil
    ) throws -> Page<TaskListing, Identifier<VideoTask>> {
        try UseCase.listVideoTasks.run { try list(by: caller, status: status, limit: limit, before: cursor) }
    }

    private func list(
        by caller: Caller, status: VideoTask.Status.Name?, limit: Int,
        before cursor: Identifier<VideoTask>?
    ) throws -> Page<TaskListing, Identifier<VideoTask>> {
        try caller.require(.tasksRead)
        let limit = PageSize.nearest(to: limit)
        return try store.read {
            try $0.tasks.page(of: caller.user, status: status, limit: limit, before: cursor)
        }
    }
}

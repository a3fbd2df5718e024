public import Domain

/// Gives a task another title.
public struct RenameVideoTask: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// Renames the task.
    ///
    /// - Throws: ``NotFound/task``, ``Domain/VideoTaskError/title``.
    public func callAsFunction(_ id: Identifier<VideoTask>, title: String) async throws -> TaskDetails {
        try await store.write { writer in
            guard var task = try writer.tasks.find(id) else { throw NotFound.task }
            try task.rename(to: title)
            try writer.taskWriter.update(task)
            return TaskDetails(task: task, clips: try writer.clips.all(of: id))
        }
    }
}

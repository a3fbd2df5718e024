public import Domain

/// Removes a task: its rows, its jobs and its files.
///
/// What was uploaded for it goes with the last task that uses it.
public struct DeleteVideoTask: Sendable {
    private let store: any Store
    private let media: any MediaStore
    private let feed: TaskFeed

    /// The use case over its ports.
    public init(store: any Store, media: any MediaStore, feed: TaskFeed) {
        self.store = store
        self.media = media
        self.feed = feed
    }

    /// Removes the task; where it still runs, its worker is stopped.
    ///
    /// - Throws: ``NotFound/task``.
    public func callAsFunction(_ id: Identifier<VideoTask>) async throws {
        let files = try await store.write { writer -> [Identifier<MediaFile>] in
            guard let task = try writer.tasks.find(id) else { throw NotFound.task }
            var files = try writer.clips.all(of: id).flatMap(\.files).map(\.id)
            files += ownFiles(of: task)
            for upload in [task.uploadedSource, task.captions].compactMap({ $0 })
            where try !writer.tasks.uses(upload, otherThan: id) {
                guard let stored = try writer.uploads.find(upload) else { continue }
                files.append(stored.file.id)
                try writer.uploadWriter.delete(upload)
            }
            try writer.jobWriter.delete(about: Identifier(id))
            try writer.taskWriter.delete(id)
            return files
        }
        feed.close(id)
        try await media.remove(files)
    }

    /// The files that belong to the task alone: a fetched source, and captions that came with it.
    private func ownFiles(of task: VideoTask) -> [Identifier<MediaFile>] {
        guard let acquired = task.acquired else { return [] }
        let source = task.uploadedSource == nil ? [acquired.file.id] : []
        return source + (acquired.captions.map { [$0.id] } ?? [])
    }
}

extension VideoTask {
    /// The upload that is its source, nil for another kind of source.
    var uploadedSource: Identifier<Upload>? {
        if case .upload(let id) = source { id } else { nil }
    }
}

public import Domain

/// Removes a task: its rows, its jobs and its files.
///
/// What was uploaded for it goes with the last task that uses it.
public struct DeleteVideoTask: Sendable {
    private let store: any Store
    private let media: any MediaStore
    private let feed: TaskFeed
    private let clock: any WallClock

    /// The use case over its ports.
    public init(store: any Store, media: any MediaStore, feed: TaskFeed, clock: any WallClock) {
        self.store = store
        self.media = media
        self.feed = feed
        self.clock = clock
    }

    /// Removes the task; where it has not ended it is cancelled first, so that its worker is stopped and webhooks are told.
    ///
    /// What is held for it ends; what was paid for its clips is not given back.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/task``.
    public func callAsFunction(_ id: Identifier<VideoTask>, by caller: Caller) async throws {
        try await UseCase.deleteVideoTask.run { try await delete(id, by: caller) }
    }

    private func delete(_ id: Identifier<VideoTask>, by caller: Caller) async throws {
        try caller.require(.tasksWrite)
        let now = clock.now()
        let files = try await store.write { writer -> [Identifier<MediaFile>] in
            var task = try writer.task(id, of: caller)
            if !task.status.isFinal {
                // Whoever waits for its end is told of it.
                try writer.cancel(&task, at: now)
            }
            try writer.settle(task, at: now)
            var files = task.clipFiles + task.fetchedFiles
            for upload in [task.uploadedSource, task.captions].compactMap({ $0 })
            where try !writer.tasks.uses(upload, otherThan: id) {
                guard let stored = try writer.upload(upload, of: task.owner) else { continue }
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
}

extension VideoTask {
    /// Every file that a clip of it may have, those of attempts included that ended before their clip was
    /// announced.
    var clipFiles: [Identifier<MediaFile>] {
        (1...max(options.count, options.ranges.count)).flatMap { rank in
            (0...options.formats.count).map { Clip.file(of: id, rank: rank, part: $0) }
        }
    }

    /// The files that were fetched for it alone: its source, and captions that came with that.
    var fetchedFiles: [Identifier<MediaFile>] {
        guard let acquired, uploadedSource == nil else { return [] }
        return acquired.files
    }

    /// The upload that is its source, nil for another kind of source.
    var uploadedSource: Identifier<Upload>? {
        if case .upload(let id) = source { id } else { nil }
    }
}

import Domain

/// The first stage: brings the source into the media store and looks into it.
struct AcquireSource: Sendable {
    let store: any Store
    let media: any MediaStore
    let inspector: any MediaInspector
    let fetcher: any SourceFetcher
    /// The longest source that is taken, in seconds.
    let limitSeconds: Double

    /// The source, and the title that it has where it comes from.
    ///
    /// - Throws: ``Domain/MediaError`` when it cannot be used; what was fetched is removed then.
    func callAsFunction(
        _ task: VideoTask, progress: @escaping ProgressReport
    ) async throws -> (source: SourceVideo, title: String?) {
        switch task.source {
        case .upload(let id):
            guard let upload = try store.read({ try $0.upload(id, for: task.id) }),
                case .video(let facts) = upload.content
            else { throw NotFound.upload }
            try check(facts)
            return (SourceVideo(file: upload.file, facts: facts, filename: upload.filename), nil)
        case .path(let path):
            let facts = try await inspector.inspect(path: path)
            try check(facts)
            let file = try await media.copy(path: path)
            return (SourceVideo(file: file, facts: facts, filename: task.filename), nil)
        case .address(let address):
            let fetched = try await fetcher.fetch(address: address, progress: progress)
            do {
                guard let path = media.path(of: fetched.file.id) else {
                    throw PortError.corrupt("the fetched file vanished")
                }
                let facts = try await inspector.inspect(path: path)
                try check(facts)
                let source = SourceVideo(
                    file: fetched.file, facts: facts, filename: fetched.filename, captions: fetched.captions)
                return (source, fetched.title)
            } catch {
                try? await media.remove([fetched.file.id] + (fetched.captions.map { [$0.id] } ?? []))
                throw error
            }
        }
    }

    private func check(_ facts: MediaFacts) throws(MediaError) {
        guard facts.duration >= MediaLimits.leastDuration else {
            throw facts.isCutOff ? .truncated : .tooShort(seconds: facts.duration)
        }
        guard facts.duration <= limitSeconds else {
            throw .tooLong(seconds: facts.duration, limit: limitSeconds)
        }
    }
}

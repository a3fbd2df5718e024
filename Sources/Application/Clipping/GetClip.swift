public import Domain

/// Shows one clip of a task.
public struct GetClip: Sendable {
    private let store: any Store
    private let media: any MediaStore

    /// The use case over its ports.
    public init(store: any Store, media: any MediaStore) {
        self.store = store
        self.media = media
    }

    /// The clip.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/task``, ``NotFound/clip``.
    public func callAsFunction(
        _ id: Identifier<Clip>, of task: Identifier<VideoTask>, by caller: Caller
    ) throws -> Clip {
        try caller.require(.tasksRead)
        return try store.read { reader in
            _ = try reader.task(task, of: caller)
            guard let clip = try reader.clips.find(id, of: task) else { throw NotFound.clip }
            return clip
        }
    }

    /// A rendered file of a clip and where it can be read; `format` nil takes the first that was asked for.
    ///
    /// - Throws: ``NotReady`` for a clip that could not be rendered, ``NotFound`` when there is none of that
    ///   format.
    public func rendition(of clip: Clip, format: ClipFormat?) throws
        -> (rendition: Clip.Rendition, path: String)
    {
        guard let first = clip.renditions.first else {
            throw NotReady("The clip could not be rendered; resume the task to try again.")
        }
        guard let rendition = format == nil ? first : clip.renditions.first(where: { $0.format == format })
        else { throw NotFound.clip }
        guard let path = media.path(of: rendition.file.id) else { throw NotFound.clip }
        return (rendition, path)
    }

    /// The still picture of a clip and where it can be read.
    ///
    /// - Throws: ``NotReady`` for a clip that could not be rendered, ``NotFound`` when the file is gone.
    public func thumbnail(of clip: Clip) throws -> (file: MediaFile, path: String) {
        guard let file = clip.thumbnail else {
            throw NotReady("The clip could not be rendered; resume the task to try again.")
        }
        guard let path = media.path(of: file.id) else { throw NotFound.clip }
        return (file, path)
    }

    /// The words that are spoken in a clip, in times of the clip.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/task``, ``NotReady`` while nobody has listened.
    public func words(of clip: Clip, by caller: Caller) throws -> [Word] {
        try caller.require(.tasksRead)
        let transcript = try store.read { reader in
            _ = try reader.task(clip.task, of: caller)
            return try reader.documents.transcript(of: clip.task)
        }
        guard let transcript else { throw NotReady("The transcript is not there yet.") }
        let span = clip.highlight.span
        return transcript.words(in: span).map { word in
            Word(
                text: word.text,
                span: TimeSpan(
                    start: max(0, word.span.start - span.start),
                    end: min(span.duration, word.span.end - span.start)),
                confidence: word.confidence, speaker: word.speaker)
        }
    }
}

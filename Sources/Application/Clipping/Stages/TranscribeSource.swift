import Domain

/// The second stage: asks the transcribers, in order, what is said; the first that answers is believed.
struct TranscribeSource: Sendable {
    let owner: Identifier<User>
    let media: any MediaStore
    let transcribers: [any Transcriber]
    let cache: any ArtefactCache

    /// What is said in the source.
    ///
    /// - Throws: ``Domain/ClippingError/noTranscriber(language:)``, or the last failure when each one that
    ///   was asked failed.
    func callAsFunction(
        _ source: SourceVideo, path: String, audio: SpeechAudio?,
        captions: (file: MediaFile, format: CaptionFileFormat)?, language: String?, folder: ScratchFolder,
        progress: @escaping ProgressReport
    ) async throws -> Transcript {
        let side = captions.flatMap { captions in
            media.path(of: captions.file.id).map { (path: $0, format: captions.format) }
        }
        let request = TranscriptionRequest(
            sourcePath: path, facts: source.facts, audio: audio, captions: side, language: language,
            folder: folder)
        var failure: (any Error)?
        for transcriber in transcribers {
            try Task.checkCancellation()
            let key = ArtefactKey(
                owner: owner,
                contents: [source.file.hash] + (captions.map { [$0.file.hash] } ?? []),
                settings: "transcript|\(transcriber.name)|\(transcriber.settings)|\(language ?? "")")
            if let known = await cache.transcript(for: key) { return known }
            do {
                guard let transcript = try await transcriber.transcribe(request, progress: progress) else {
                    continue
                }
                // Nothing is kept for an owner who may be gone.
                try Task.checkCancellation()
                await cache.keep(transcript, for: key)
                return transcript
            } catch let resting as UpstreamResting {
                failure = resting.unavailable
            } catch let error where !error.endsTheAttempt {
                failure = error
            }
        }
        // Without any sound there is nothing that a transcriber could have missed.
        if audio?.isSilent ?? true {
            return Transcript(words: [], language: language, engine: "silence")
        }
        throw failure ?? ClippingError.noTranscriber(language: language)
    }
}

extension SpeechAudio {
    /// Whether nothing is heard in it at all.
    var isSilent: Bool {
        let silent = silences.reduce(0) { $0 + $1.duration }
        return silent >= duration * 0.99
    }
}

extension Error {
    /// Whether nothing else should be tried in this attempt: someone gave up, or there is no room.
    var endsTheAttempt: Bool {
        if self is CancellationError || self is JobError { return true }
        return switch self as? PortError {
        case .cancelled, .full, .conflict: true
        case .unavailable, .corrupt, nil: false
        }
    }
}

import Domain

/// The sound of a task's source, taken out once per attempt, when a stage first asks for it.
actor Sound {
    nonisolated let path: String
    nonisolated let folder: ScratchFolder
    private let source: SourceVideo
    private let extractor: any SpeechAudioExtractor
    private var extracted: SpeechAudio?

    init(source: SourceVideo, path: String, folder: ScratchFolder, extractor: any SpeechAudioExtractor) {
        self.source = source
        self.path = path
        self.folder = folder
        self.extractor = extractor
    }

    /// The sound; nil when the source has none.
    func audio(progress: @escaping ProgressReport) async throws -> SpeechAudio? {
        guard source.facts.hasAudio else { return nil }
        if let extracted { return extracted }
        let audio = try await extractor.extract(
            path: path, facts: source.facts, into: folder, progress: progress)
        extracted = audio
        return audio
    }
}

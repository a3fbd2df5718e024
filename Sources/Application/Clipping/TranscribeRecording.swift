public import Domain

/// Finds out what is said in a recording, and keeps nothing but the cached transcript.
public struct TranscribeRecording: Sendable {
    /// What is to be transcribed.
    public struct Command: Sendable {
        /// Where the recording comes from.
        public let source: VideoTask.Source
        /// A caption file of this machine that goes with it.
        public let captions: (path: String, format: CaptionFileFormat)?
        /// The spoken language as a BCP 47 tag, nil to find out.
        public let language: String?

        /// A recording to transcribe.
        public init(
            source: VideoTask.Source, captions: (path: String, format: CaptionFileFormat)? = nil,
            language: String? = nil
        ) {
            self.source = source
            self.captions = captions
            self.language = language
        }
    }

    private let store: any Store
    private let ports: RunVideoTask.Ports
    private let identifiers: IdentifierMaker
    private let clock: any WallClock
    private let limitSeconds: Double

    /// The use case over the ports of the pipeline.
    ///
    /// - Parameter limitSeconds: The longest recording that is taken, in seconds.
    public init(
        store: any Store, ports: RunVideoTask.Ports, identifiers: IdentifierMaker, clock: any WallClock,
        limitSeconds: Double
    ) {
        self.store = store
        self.ports = ports
        self.identifiers = identifiers
        self.clock = clock
        self.limitSeconds = limitSeconds
    }

    /// The transcript.
    ///
    /// - Throws: ``Domain/AccessError``, ``Domain/MediaError`` when the recording cannot be used,
    ///   ``Domain/ClippingError`` when nothing recognises its language.
    public func callAsFunction(
        _ command: Command, by caller: Caller, progress: @escaping ProgressReport
    ) async throws -> Transcript {
        try caller.require(.tasksWrite)
        let options = try ClipOptions(language: command.language)
        // Never stored: only the shape in which stages are asked.
        let task = try VideoTask(
            id: identifiers.make(), owner: caller.user, title: "transcript", source: command.source,
            captions: nil, filename: command.source.filename, options: options, createdAt: clock.now())
        let acquire = AcquireSource(
            store: store, media: ports.media, inspector: ports.inspector, fetcher: ports.fetcher,
            limitSeconds: limitSeconds)
        let folder = try ports.media.scratch()
        defer { ports.media.clear(folder) }
        let source = try await acquire(task) { fraction, message in progress(fraction * 0.1, message) }.source
        var kept = [source.file] + (source.captions.map { [$0] } ?? [])
        do {
            let transcript = try await transcribe(
                command, for: caller.user, source, folder, keep: &kept, progress: progress)
            try? await ports.media.remove(kept.map(\.id))
            return transcript
        } catch {
            try? await ports.media.remove(kept.map(\.id))
            throw error
        }
    }

    private func transcribe(
        _ command: Command, for owner: Identifier<User>, _ source: SourceVideo, _ folder: ScratchFolder,
        keep: inout [MediaFile], progress: @escaping ProgressReport
    ) async throws -> Transcript {
        guard let path = ports.media.path(of: source.file.id) else {
            throw PortError.corrupt("the source file vanished")
        }
        var captions = source.captions.map { (file: $0, format: CaptionFileFormat.vtt) }
        if let side = command.captions {
            let file = try await ports.media.copy(path: side.path)
            keep.append(file)
            captions = (file, side.format)
        }
        let sound = Sound(source: source, path: path, folder: folder, extractor: ports.audio)
        let audio = try await sound.audio { fraction, message in progress(0.1 + fraction * 0.1, message) }
        let transcribe = TranscribeSource(
            owner: owner, media: ports.media, transcribers: ports.transcribers, cache: ports.cache)
        return try await transcribe(
            source, path: path, audio: audio, captions: captions, language: command.language, folder: folder
        ) { fraction, message in progress(0.2 + fraction * 0.8, message) }
    }
}

extension VideoTask.Source {
    /// A name to show for it before it is here.
    fileprivate var filename: String {
        switch self {
        case .upload: "upload"
        case .address(let address): SourceAddress.provisionalName(of: address)
        case .path(let path): path.split(separator: "/").last.map(String.init) ?? path
        }
    }
}

public import Domain
import Synchronization

/// Answers from a list, one answer a call; the last one is given again and again.
public final class Script<Answer: Sendable>: Sendable {
    private struct State {
        var answers: [Result<Answer, any Error>]
        var calls = 0
    }
    private let state: Mutex<State>

    /// A script of answers and errors, in the order in which they are given.
    public init(_ first: Result<Answer, any Error>, _ others: Result<Answer, any Error>...) {
        state = Mutex(State(answers: [first] + others))
    }

    /// A script that always gives the same answer.
    public convenience init(_ answer: Answer) {
        self.init(.success(answer))
    }

    /// How often it was asked.
    public var calls: Int {
        state.withLock { $0.calls }
    }

    /// The next answer.
    public func next() throws -> Answer {
        try state.withLock { state in
            defer { state.calls += 1 }
            return state.answers[min(state.calls, state.answers.count - 1)]
        }.get()
    }
}

/// A media inspector that answers from a script, whatever the file.
public struct ScriptedMediaInspector: MediaInspector {
    private let script: Script<MediaFacts>

    /// An inspector with that script.
    public init(_ script: Script<MediaFacts>) {
        self.script = script
    }

    /// The next facts.
    public func inspect(path: String) async throws -> MediaFacts {
        try script.next()
    }
}

/// A fetcher that answers from a script, whatever the address.
public struct ScriptedSourceFetcher: SourceFetcher {
    private let script: Script<FetchedSource>

    /// A fetcher with that script.
    public init(_ script: Script<FetchedSource>) {
        self.script = script
    }

    /// The next source.
    public func fetch(address: String, progress: @escaping ProgressReport) async throws -> FetchedSource {
        let source = try script.next()
        progress(1, nil)
        return source
    }
}

/// An extractor that answers from a script, whatever the source.
public struct ScriptedSpeechAudioExtractor: SpeechAudioExtractor {
    private let script: Script<SpeechAudio>

    /// An extractor with that script.
    public init(_ script: Script<SpeechAudio>) {
        self.script = script
    }

    /// The next sound.
    public func extract(
        path: String, facts: MediaFacts, into folder: ScratchFolder, progress: @escaping ProgressReport
    ) async throws -> SpeechAudio {
        let audio = try script.next()
        progress(1, nil)
        return audio
    }
}

/// An analyzer that answers from a script, whatever the pictures.
public struct ScriptedPictureAnalyzer: PictureAnalyzer {
    private let script: Script<PictureTrack>

    /// An analyzer with that script.
    public init(_ script: Script<PictureTrack>) {
        self.script = script
    }

    /// The next track.
    public func analyze(
        path: String, facts: MediaFacts, span: TimeSpan, mode: ProcessingMode,
        progress: @escaping ProgressReport
    ) async throws -> PictureTrack {
        let track = try script.next()
        progress(1, nil)
        return track
    }
}

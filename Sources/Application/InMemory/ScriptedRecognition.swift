public import Domain

/// A transcriber that answers from a script, whatever is said; nil means that it does not take the source.
public struct ScriptedTranscriber: Transcriber {
    /// Its name.
    public let name: String
    /// What its results depend on.
    public let settings: String
    private let script: Script<Transcript?>

    /// A transcriber with that script.
    public init(name: String = "scripted", settings: String = "", _ script: Script<Transcript?>) {
        self.name = name
        self.settings = settings
        self.script = script
    }

    /// The next transcript.
    public func transcribe(_ request: TranscriptionRequest, progress: @escaping ProgressReport) async throws
        -> Transcript?
    {
        let transcript = try script.next()
        progress(1, nil)
        return transcript
    }
}

/// A finder that answers from a script, whatever the recording.
public struct ScriptedHighlightFinder: HighlightFinder {
    /// Its name.
    public let name: String
    /// What its results depend on.
    public let settings: String
    private let script: Script<Analysis>

    /// A finder with that script.
    public init(name: String = "scripted", settings: String = "", _ script: Script<Analysis>) {
        self.name = name
        self.settings = settings
        self.script = script
    }

    /// The next analysis.
    public func find(_ request: HighlightRequest, progress: @escaping ProgressReport) async throws -> Analysis
    {
        let analysis = try script.next()
        progress(1, nil)
        return analysis
    }
}

public import Domain
import Synchronization

/// Keeps artefacts in memory and never forgets one.
public final class InMemoryArtefactCache: ArtefactCache {
    private let transcripts = Mutex<[ArtefactKey: Transcript]>([:])
    private let analyses = Mutex<[ArtefactKey: Analysis]>([:])

    /// An empty cache.
    public init() {}

    /// The transcript under that key.
    public func transcript(for key: ArtefactKey) async -> Transcript? {
        transcripts.withLock { $0[key] }
    }

    /// Keeps a transcript.
    public func keep(_ transcript: Transcript, for key: ArtefactKey) async {
        transcripts.withLock { $0[key] = transcript }
    }

    /// The analysis under that key.
    public func analysis(for key: ArtefactKey) async -> Analysis? {
        analyses.withLock { $0[key] }
    }

    /// Keeps an analysis.
    public func keep(_ analysis: Analysis, for key: ArtefactKey) async {
        analyses.withLock { $0[key] = analysis }
    }

    /// Forgets everything that was kept for an owner.
    public func forgetAll(of owner: Identifier<User>) async throws {
        transcripts.withLock { $0 = $0.filter { $0.key.owner != owner } }
        analyses.withLock { $0 = $0.filter { $0.key.owner != owner } }
    }
}

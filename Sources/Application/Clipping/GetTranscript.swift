public import Domain

/// Shows what is said in a task's source.
public struct GetTranscript: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// The transcript of the task's source.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/task``, ``NotReady`` while nobody has listened.
    public func callAsFunction(_ id: Identifier<VideoTask>, by caller: Caller) throws -> Transcript {
        try caller.require(.tasksRead)
        return try store.read { reader in
            _ = try reader.task(id, of: caller)
            guard let transcript = try reader.documents.transcript(of: id) else {
                throw NotReady("The transcript is not there yet.")
            }
            return transcript
        }
    }
}

/// What was asked for is not there yet.
public struct NotReady: CodedError, Equatable {
    /// What is not there.
    public let explanation: String

    /// The stable code.
    public var code: String { "not_ready" }

    /// Not ready, for this reason.
    public init(_ explanation: String) {
        self.explanation = explanation
    }
}

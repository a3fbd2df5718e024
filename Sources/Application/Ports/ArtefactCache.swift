public import Domain

/// Keeps what was found out about a source, by content: the same source with the same settings is not
/// recognised or analysed twice for one user.
///
/// A cache may forget anything at any time; what cannot be read counts as forgotten.
public protocol ArtefactCache: Sendable {
    /// The transcript under that key, nil when there is none.
    func transcript(for key: ArtefactKey) async -> Transcript?
    /// Keeps a transcript.
    func keep(_ transcript: Transcript, for key: ArtefactKey) async
    /// The analysis under that key, nil when there is none.
    func analysis(for key: ArtefactKey) async -> Analysis?
    /// Keeps an analysis.
    func keep(_ analysis: Analysis, for key: ArtefactKey) async
    /// Forgets everything that was kept for an owner.
    ///
    /// - Throws: ``PortError`` when something of it is still there.
    func forgetAll(of owner: Identifier<User>) async throws
}

/// What an artefact depends on: the contents it was made of and the settings it was made with; and whose it is, so
/// that nobody learns by the time something takes what others have handed in.
public struct ArtefactKey: Hashable, Sendable {
    /// For whom it was made.
    public let owner: Identifier<User>
    /// The hashes of the files it was made of.
    public let contents: [ContentHash]
    /// The settings, as one text in which equal settings are equal.
    public let settings: String

    /// A key.
    public init(owner: Identifier<User>, contents: [ContentHash], settings: String) {
        self.owner = owner
        self.contents = contents
        self.settings = settings
    }
}

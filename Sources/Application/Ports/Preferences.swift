public import Domain

/// Reads how users want their clips.
public protocol PreferencesReader {
    /// What a user has chosen; nil when the user has not chosen anything.
    func find(_ user: Identifier<User>) throws -> Preferences?
}

/// Changes how users want their clips.
public protocol PreferencesWriter {
    /// Keeps what a user has chosen; an earlier choice is replaced.
    func put(_ preferences: Preferences, of user: Identifier<User>) throws
    /// Forgets what a user has chosen.
    func forget(_ user: Identifier<User>) throws
}

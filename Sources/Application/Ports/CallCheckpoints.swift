/// Remembers which calls that cost money are under way at a provider, so that a restart goes on with them
/// instead of making them again.
///
/// What is put is on disk when `put` returns.
public protocol CallCheckpoints: Sendable {
    /// What was put under that key last, nil when there is nothing.
    func value(for key: String) async throws -> String?
    /// Keeps a value, such as a provider's identifier of the call; an earlier one is replaced.
    func put(_ value: String, for key: String) async throws
    /// Forgets what is under that key.
    func remove(_ key: String) async throws
}

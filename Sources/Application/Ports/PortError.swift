/// What a port may answer instead of doing what it was asked.
///
/// Adapters translate their technology's failures to these; a use case never sees a row, a handle or a
/// status code.
public enum PortError: Error, Sendable, Equatable {
    /// The thing behind the port does not answer now; trying later may help.
    case unavailable(String)
    /// Someone else changed it first, or it exists already.
    case conflict(String)
    /// No room is left: the disk, the database or a quota is full.
    case full(String)
    /// What is stored cannot be read back.
    case corrupt(String)
    /// The caller gave up.
    case cancelled
}

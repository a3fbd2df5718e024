/// What a port may answer instead of doing what it was asked.
///
/// Adapters translate their technology's failures to these; a use case never sees a row, a handle or a
/// status code. Failures that are final by a rule (a picture handed in as a video) are the feature's own
/// ``Domain/CodedError`` instead: these here are about the moment, not about the request.
public enum PortError: Error, Sendable, Equatable {
    /// The thing behind the port does not answer now; trying later, at the earliest after `retryAfter`, may
    /// help.
    case unavailable(String, retryAfter: Duration? = nil)
    /// Someone else changed it first, or it exists already.
    case conflict(String)
    /// No room is left: the disk, the database or a quota is full.
    case full(String)
    /// What is stored cannot be read back.
    case corrupt(String)
    /// The caller gave up.
    case cancelled
}

extension PortError: CustomStringConvertible {
    /// What kind of answer it is, and the reason.
    public var description: String {
        switch self {
        case .unavailable(let reason, _): "unavailable: \(reason)"
        case .conflict(let reason): "conflict: \(reason)"
        case .full(let reason): "full: \(reason)"
        case .corrupt(let reason): "corrupt: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}

/// What a user is on this server.
public enum Role: String, CaseIterable, Sendable {
    /// Someone who makes clips.
    case user
    /// Someone who also looks after the server and its users.
    case admin
}

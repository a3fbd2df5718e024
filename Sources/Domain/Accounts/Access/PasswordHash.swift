/// What a store keeps of a password, in the text form of who made it, parameters included.
public struct PasswordHash: Redacted, Hashable, Sendable {
    /// The text, such as `$argon2id$v=19$…`.
    public let text: String

    /// A hash as it was made or as a store kept it.
    public init(_ text: String) {
        self.text = text
    }
}

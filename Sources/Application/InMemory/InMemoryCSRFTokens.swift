public import Domain

/// Makes tokens that name their session, for all to see.
public struct InMemoryCSRFTokens: CSRFTokens {
    private static let mark = "csrf-"

    /// A maker of tokens.
    public init() {}

    /// The session's identifier after a mark.
    public func token(for session: Identifier<Session>) -> String {
        Self.mark + "\(session)"
    }

    /// The session that the token names.
    public func session(of token: String) -> Identifier<Session>? {
        token.hasPrefix(Self.mark) ? Identifier(String(token.dropFirst(Self.mark.count))) : nil
    }
}

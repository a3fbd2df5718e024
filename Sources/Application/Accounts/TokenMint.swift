public import Domain

/// Makes the tokens that are shown once, and finds out what they are kept by.
public struct TokenMint: Sendable {
    private let source: any SecretSource
    private let hasher: any TokenHasher

    /// A mint over its ports.
    public init(source: any SecretSource, hasher: any TokenHasher) {
        self.source = source
        self.hasher = hasher
    }

    /// A fresh token, and what a store keeps of it.
    func make(for purpose: SecretToken.Purpose) -> (token: SecretToken, hash: TokenHash) {
        let token = source.token(for: purpose)
        return (token, hasher.hash(token))
    }

    /// What a token that was shown is found by; nil when it is none of that purpose.
    func hash(of text: String, for purpose: SecretToken.Purpose) -> TokenHash? {
        SecretToken(text, for: purpose).map(hasher.hash)
    }
}

/// Why a token that was mailed or handed over does nothing.
public enum TokenError: CodedError, Equatable {
    /// There is no such token.
    case unknown

    /// The stable code.
    public var code: String { "token_unknown" }

    /// What was wrong and what to do.
    public var explanation: String { "The link is not known here, or has been replaced by a newer one." }
}

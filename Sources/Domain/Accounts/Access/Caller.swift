/// Who calls a use case, and what that caller may do.
public struct Caller: Hashable, Sendable {
    /// How it is known who calls.
    public enum Means: Hashable, Sendable {
        /// The server has no accounts: whoever reaches it is the local user.
        case local
        /// The user has signed in.
        case session(Identifier<Session>)
        /// A program shows an API key that has these scopes.
        case apiKey(Identifier<APIKey>, Set<Scope>)
    }

    /// The caller of a server that has no accounts, who may do everything.
    public static let local = Caller(user: User.local, role: .admin, means: .local)

    /// The user who calls or for whom a program calls.
    public let user: Identifier<User>
    /// What that user is on this server.
    public let role: Role
    /// How it is known.
    public let means: Means

    /// A caller of whom everything has been checked.
    public init(user: Identifier<User>, role: Role, means: Means) {
        self.user = user
        self.role = role
        self.means = means
    }

    /// Whether the caller may do what needs `scope`.
    ///
    /// A key never allows more than its owner's role does now, whatever it was made with.
    public func may(_ scope: Scope) -> Bool {
        guard role.allows(scope) else { return false }
        return switch means {
        case .local, .session: true
        case .apiKey(_, let scopes): scope.isForKeys && scopes.contains(scope)
        }
    }

    /// Checks that the caller may do what needs `scope`.
    public func require(_ scope: Scope) throws(AccessError) {
        guard may(scope) else { throw .missingScope(scope) }
    }

    /// Whether what belongs to `owner` is the caller's own.
    ///
    /// An administrator owns nothing more than others: what is someone else's is not there, except where a use
    /// case needs ``Scope/admin``.
    public func owns(_ owner: Identifier<User>) -> Bool {
        owner == user
    }
}

/// Why a caller may not do something.
public enum AccessError: CodedError, Equatable {
    /// The caller's role, or the API key, does not allow it.
    case missingScope(Scope)

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .missingScope: "missing_scope"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .missingScope(.accountSecurity): "This needs the user to sign in; no API key allows it."
        case .missingScope(.admin): "This needs an administrator, and a key with the scope “admin” if by key."
        case .missingScope(let scope): "This needs an API key with the scope “\(scope.rawValue)”."
        }
    }
}

import Domain

/// Begins a session for who shows the right name, or address, and password; who has too many loses the oldest.
///
/// An unknown name is refused in the same words as a wrong password, after the same work.
public struct SignIn: Sendable {
    private let desk: AccountDesk
    private let input: TypedInput
    private let check: PasswordCheck
    private let hasher: any PasswordHasher
    private let tokens: SessionTokens

    /// The use case over its ports.
    public init(
        desk: AccountDesk, input: TypedInput, check: PasswordCheck, hasher: any PasswordHasher,
        tokens: SessionTokens
    ) {
        self.desk = desk
        self.input = input
        self.check = check
        self.hasher = hasher
        self.tokens = tokens
    }

    /// Begins a session.
    ///
    /// - Parameter name: The username or the address.
    /// - Throws: ``Domain/SignInError``; with the right password ``Domain/UserError`` for who may not work;
    ///   ``PortError`` when too many passwords wait to be looked at.
    public func callAsFunction(name: String, password: String, from origin: Origin) async throws
        -> SessionGrant
    {
        try await UseCase.signIn.run { try await signIn(name: name, password: password, from: origin) }
    }

    private func signIn(name: String, password: String, from origin: Origin) async throws
        -> SessionGrant
    {
        let anonymous = desk.deed(by: .anonymous, from: origin)
        let name = SignInName(name, read: input)
        let proof = try await check(password, for: name.stored, doing: anonymous) { try name.find(in: $0) }
        let deed = anonymous.known(as: proof.user)
        // Made anew with today's parameters while the password is at hand; another time if too many wait.
        let renewed = hasher.isOutdated(proof.hash) ? try? await hasher.hash(proof.password) : nil
        let (session, events) = Session.start(
            id: desk.identifiers.make(), user: proof.user, device: input.text(origin.device), at: deed.now)
        let refresh = tokens.makeRefreshToken()
        let outcome = try await desk.store.write { writer -> Result<User, UserError> in
            try proof.accept(in: writer)
            let user = try writer.user(proof.user)
            do throws(UserError) {
                try user.requireActive(at: deed.now)
            } catch {
                try writer.note(
                    .signInFailed, on: .user(user.id), of: deed, isSuccess: false, detail: error.code)
                return .failure(error)
            }
            if let renewed { try writer.userWriter.setPasswordHash(renewed, of: user.id) }
            try writer.makeRoomForSession(of: user.id, doing: deed)
            try writer.sessionWriter.insert(session, refreshToken: refresh.hash)
            try writer.record(events, of: deed)
            return .success(user)
        }
        return tokens.grant(session, of: try outcome.get(), refreshToken: refresh.token, at: deed.now)
    }
}

/// What somebody typed to say who it is.
enum SignInName: Sendable {
    /// The name of a user, perhaps.
    case username(Username)
    /// The address of a user, perhaps.
    case email(EmailAddress)
    /// What nobody can be called; attempts with it are counted all the same, so that they look like others.
    case impossible(String)

    /// What was typed; only addresses have an at sign.
    init(_ text: String, read input: TypedInput) {
        if text.contains("@"), let email = try? input.email(text) {
            self = .email(email)
        } else if let username = try? input.username(text) {
            self = .username(username)
        } else {
            let start = input.text(text).unicodeScalars.prefix(EmailAddress.greatestLength)
            self = .impossible(String(start).lowercased())
        }
    }

    /// The form in which it is counted.
    var stored: String {
        switch self {
        case .username(let username): username.key
        case .email(let email): email.text
        case .impossible(let text): text
        }
    }

    /// The user who has it.
    func find(in reader: any StoreReader) throws -> User? {
        switch self {
        case .username(let username): try reader.users.find(username: username)
        case .email(let email): try reader.users.find(email: email)
        case .impossible: nil
        }
    }
}

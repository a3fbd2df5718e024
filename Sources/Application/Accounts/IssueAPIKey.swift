public import Domain

/// An API key that was just made, with what is shown of it once.
public struct IssuedAPIKey: Sendable {
    /// The key.
    public let key: APIKey
    /// What programs show.
    public let token: SecretToken
}

/// Makes a key by which programs call as the caller, and writes to the caller that it was made.
///
/// A letter goes to an address that was confirmed, so that nobody can have strangers written to.
public struct IssueAPIKey: Sendable {
    /// How many keys made within ``letterPeriod`` are written about; who makes more has been warned.
    static let mostLetters = 10
    /// An hour.
    static let letterPeriod = Duration.seconds(3600)

    private let desk: AccountDesk
    private let input: TypedInput
    private let mint: TokenMint
    private let courier: Courier
    private let letters: Letters

    /// The use case over its ports.
    public init(
        desk: AccountDesk, input: TypedInput, mint: TokenMint, courier: Courier, letters: Letters
    ) {
        self.desk = desk
        self.input = input
        self.mint = mint
        self.courier = courier
        self.letters = letters
    }

    /// Makes a key.
    ///
    /// - Parameter expiresAt: Nil for a key that works until it is revoked.
    /// - Throws: ``Domain/AccessError``, ``Domain/APIKeyError``, ``Domain/UserError``; ``IdentificationError`` and
    ///   ``Domain/SessionError`` when the session has ended since it was found out who calls.
    public func callAsFunction(
        name: String, scopes: Set<Scope>, expiresAt: Timestamp? = nil, by caller: Caller, from origin: Origin
    ) async throws -> IssuedAPIKey {
        try caller.require(.accountSecurity)
        let deed = desk.deed(by: caller, from: origin)
        let id: Identifier<APIKey> = desk.identifiers.make()
        let (token, hash) = mint.make(for: .apiKey)
        let name = input.text(name)
        let (issued, recipient) = try await desk.store.write { writer in
            let owner = try writer.present(caller, at: deed.now)
            let active = try writer.keys.countActive(of: owner.user, at: deed.now)
            let (key, events) = try APIKey.issue(
                id: id, to: owner, name: name, scopes: scopes, hash: hash, expiresAt: expiresAt,
                activeKeys: active, at: deed.now)
            try writer.keyWriter.insert(key)
            // However often somebody makes keys and revokes them, the list of them stays short.
            try writer.keyWriter.forgetVoid(of: owner.user, keeping: APIKey.mostVoid, at: deed.now)
            try writer.record(events, of: deed)
            let recipient = try writer.recipient(of: caller, at: deed.now)
            return (IssuedAPIKey(key: key, token: token), recipient)
        }
        if let recipient { courier.post(letters.keyIssued(issued.key, to: recipient)) }
        return issued
    }
}

extension StoreWriter {
    /// Where a letter about a key goes that was just made; nil when none is written.
    fileprivate func recipient(
        of caller: Caller, at now: Timestamp
    ) throws -> EmailAddress? {
        guard let profile = try users.find(caller.user)?.profile, profile.isEmailVerified else { return nil }
        let since = now - IssueAPIKey.letterPeriod
        let recent = try keys.all(of: caller.user).count { $0.createdAt > since }
        return recent <= IssueAPIKey.mostLetters ? profile.email : nil
    }
}

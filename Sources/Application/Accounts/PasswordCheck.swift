public import Domain

/// Looks at passwords: counts each look, takes as long whatever was wrong, and audits what failed.
public struct PasswordCheck: Sendable {
    /// A password that turned out to be right.
    struct Proof: Sendable {
        /// Whose it is.
        let user: Identifier<User>
        /// The hash that it has.
        let hash: PasswordHash
        /// The look, which has still to be counted as a success.
        let attempt: SignInAttempt
        /// The password itself.
        let password: Password
    }

    /// As many characters as the shortest password has, to have something to look at.
    private static let filler = String(repeating: "-", count: Password.length.lowerBound)

    private let desk: AccountDesk
    private let hasher: any PasswordHasher
    private let input: TypedInput

    /// A check over its ports.
    public init(desk: AccountDesk, hasher: any PasswordHasher, input: TypedInput) {
        self.desk = desk
        self.hasher = hasher
        self.input = input
    }

    /// Looks at a password that someone typed together with a name.
    ///
    /// - Parameters:
    ///   - name: The name in its stored form, for which the look is counted.
    ///   - find: Finds the user who has that name, if anybody has.
    /// - Throws: ``Domain/SignInError``; ``PortError`` when too many passwords wait to be looked at.
    func callAsFunction(
        _ text: String, for name: String, doing deed: Deed,
        find: @escaping @Sendable (any StoreReader) throws -> User?
    ) async throws -> Proof {
        let attempt = SignInAttempt(name: name, network: deed.origin.network)
        let refusal = try await desk.store.write { writer in
            let refusal = try attempt.begin(in: writer, at: deed.now)
            if let refusal { try audit(refusal, of: try find(writer), doing: deed, in: writer) }
            return refusal
        }
        if let refusal { throw refusal }
        let (user, hash) = try desk.store.read { reader -> (User?, PasswordHash?) in
            guard let user = try find(reader) else { return (nil, nil) }
            return (user, try reader.users.passwordHash(of: user.id))
        }
        let right = try await rightPassword(input.text(text), hash: hash)
        guard let user, let hash, let right else {
            try await desk.store.write { writer in
                try audit(.wrong, of: user, doing: deed, in: writer)
            }
            throw SignInError.wrong
        }
        return Proof(user: user.id, hash: hash, attempt: attempt, password: right)
    }

    /// Looks at the password that a caller shows once more, before something that cannot be undone.
    ///
    /// - Throws: ``NotFound/user``, and as the other look does.
    func callAsFunction(_ text: String, of caller: Caller, doing deed: Deed) async throws -> Proof {
        let user = try desk.store.read { try $0.activeUser(caller.user, at: deed.now) }
        guard let username = user.profile?.username else { throw NotFound.user }
        return try await self(text, for: username.key, doing: deed) { try $0.users.find(caller.user) }
    }

    /// The password that was typed, when it has that hash.
    private func rightPassword(_ text: String, hash: PasswordHash?) async throws -> Password? {
        if let typed = Password(typing: text) {
            return try await hasher.verify(typed, against: hash) ? typed : nil
        }
        // What can be nobody's password takes as long as any other.
        if let filler = Password(typing: Self.filler) { _ = try await hasher.verify(filler, against: nil) }
        return nil
    }

    private func audit(_ error: SignInError, of user: User?, doing deed: Deed, in writer: any StoreWriter)
        throws
    {
        let isLocked = if case .throttled(_, isLocked: true) = error { true } else { false }
        try writer.note(
            isLocked ? .signInLocked : .signInFailed, on: user.map { .user($0.id) } ?? .server, of: deed,
            isSuccess: false, detail: error.code)
    }
}

extension PasswordCheck.Proof {
    /// Counts the look as a success, and checks that the password is still the user's.
    ///
    /// - Throws: ``Domain/SignInError/wrong`` when the password has been changed since.
    func accept(in writer: any StoreWriter) throws {
        guard try writer.users.passwordHash(of: user) == hash else { throw SignInError.wrong }
        try attempt.succeed(in: writer)
    }
}

/// Why something is not done that needs the password once more.
public enum ConfirmationError: CodedError, Equatable {
    /// The password was not shown.
    case passwordNeeded

    /// The stable code.
    public var code: String { "password_needed" }

    /// What was wrong and what to do.
    public var explanation: String { "This needs your password once more." }
}

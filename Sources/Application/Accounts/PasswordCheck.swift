public import Domain

/// Looks at passwords: counts each look, takes as long whatever was wrong, and audits what failed.
///
/// What comes too soon after failures leaves no trace: otherwise anybody could make the audit trail grow.
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
        let attempt = try await begin(name, doing: deed)
        let (user, hash) = try desk.store.read { reader -> (User?, PasswordHash?) in
            guard let user = try find(reader) else { return (nil, nil) }
            return (user, try reader.users.passwordHash(of: user.id))
        }
        let right: Password?
        do {
            right = try await rightPassword(input.text(text), hash: hash)
        } catch {
            await takeBack(attempt)
            throw error
        }
        guard let user, let hash, let right else {
            try await desk.store.write { try audit(attempt, of: user, doing: deed, in: $0) }
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

    /// Counts a look at a password; one that comes too soon costs no more than a look at the counts.
    private func begin(_ name: String, doing deed: Deed) async throws -> SignInAttempt {
        let network = deed.origin.network
        _ = try desk.store.read { try SignInAttempt(name: name, network: network, at: deed.now, in: $0) }
        return try await desk.store.write { writer in
            let attempt = try SignInAttempt(name: name, network: network, at: deed.now, in: writer)
            try attempt.begin(in: writer)
            return attempt
        }
    }

    /// Takes a look back that was not had, since too many passwords wait or the caller gave up.
    ///
    /// In a task of its own: that of a caller who gave up writes nothing any more. What cannot be taken back stays
    /// counted.
    private func takeBack(_ attempt: SignInAttempt) async {
        let store = desk.store
        await Task { try? await store.write { try attempt.takeBack(in: $0) } }.value
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

    /// Tells of a wrong password, and that it locks if it does.
    private func audit(
        _ attempt: SignInAttempt, of user: User?, doing deed: Deed, in writer: any StoreWriter
    ) throws {
        let subject = user.map { AuditEntry.Subject.user($0.id) } ?? .server
        try writer.note(
            .signInFailed, on: subject, of: deed, isSuccess: false, detail: SignInError.wrong.code)
        guard attempt.isLocking else { return }
        try writer.note(.signInLocked, on: subject, of: deed, isSuccess: false)
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
    /// An administrator changes how the administrator signs in, where no password is asked for.
    case ownAccount

    /// The stable code.
    public var code: String {
        switch self {
        case .passwordNeeded: "password_needed"
        case .ownAccount: "own_account"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .passwordNeeded: "This needs your password once more."
        case .ownAccount: "Change your own username and address in your profile: that needs your password."
        }
    }
}

import Application
import Domain
import Presentation

/// The use cases of accounts over adapters in memory.
struct People: Sendable {
    static let catalog = FixedCaptionCatalog(
        templates: [.named("default"), .named("bold")],
        fonts: [FontFamily(name: "Sans", styles: ["Bold"])])
    static let password = "correct horse battery"

    let clock = InMemoryClock()
    let store = InMemoryStore()
    let media: FileBackedMedia
    let mailer = InMemoryMailer()
    let hasher = InMemoryPasswordHasher()
    let courier: Courier
    let identify: IdentifyCaller
    let capabilities: AccountCapabilities
    let billing: Billing
    /// Settings of each kind: one that holds at once, one that waits, one that the environment sets.
    static let settings: EffectiveConfiguration = {
        let signUp = SettingKey<SignUpPolicy>("sign_up") { values throws(SettingRefusal) in
            guard let policy = SignUpPolicy(rawValue: values.last ?? "") else {
                throw SettingRefusal(expectation: "must be one of open|closed|invitation")
            }
            return policy
        }
        func text(_ name: String) -> SettingKey<String?> {
            SettingKey(name) { values throws(SettingRefusal) in values.last }
        }
        let settings = [
            EffectiveSetting(
                SettingDeclaration(
                    signUp, summary: "Who may sign up", form: "open|closed|invitation",
                    shape: SettingShape(.choice, choices: ["open", "closed", "invitation"]),
                    fallback: ["closed"], adjustable: .now), ["closed"], from: .fallback),
            EffectiveSetting(
                SettingDeclaration(
                    text("chat_key"), summary: "The key of a service", form: "KEY", secret: .everything,
                    adjustable: .restart), [], from: .fallback),
            EffectiveSetting(
                SettingDeclaration(
                    text("chat_model"), summary: "The model of a service", form: "NAME",
                    adjustable: .restart), ["small"], from: .variable("CUTROOM_CHAT_MODEL")),
            EffectiveSetting(
                SettingDeclaration(
                    SettingKey<Int>("port") { values throws(SettingRefusal) in Int(values.last ?? "") ?? 0 },
                    summary: "The port", form: "0–65535",
                    shape: SettingShape(.integer, range: 0...65535), fallback: ["8080"]),
                ["9000"], from: .flag),
        ]
        guard let configuration = try? EffectiveConfiguration(settings) else { preconditionFailure() }
        return configuration
    }()

    init(policy: SignUpPolicy = .open) {
        let random = SeededRandomSource(seed: 3)
        media = FileBackedMedia(identifiers: IdentifierMaker(clock: clock, random: random))
        let calendar = FixedCalendar()
        let letters = Letters(site: "clips.example")
        let hasher = hasher
        let desk = AccountDesk(
            store: store, identifiers: IdentifierMaker(clock: clock, random: random), clock: clock)
        let input = TypedInput(text: UnchangedText(), domains: ASCIIDomainNames(), calendar: calendar)
        let mint = TokenMint(source: SeededSecretSource(random: random), hasher: InMemoryTokenHasher())
        let tokens = SessionTokens(
            mint: mint, access: InMemoryAccessTokens(), csrf: InMemoryCSRFTokens())
        let check = PasswordCheck(desk: desk, hasher: hasher, input: input)
        let courier = Courier(mailer: mailer, clock: clock, log: SilentLog())
        let editor = ProfileEditor(desk: desk, input: input, mint: mint, courier: courier, letters: letters)
        let settings = RuntimeSettings(over: Self.settings, box: InMemorySecretBox())
        let store = store
        self.courier = courier
        billing = Billing(tariff: Tariff(limitSeconds: 3600), calendar: calendar)
        identify = IdentifyCaller(
            desk: desk, tokens: tokens, mint: mint, uses: KeyUses(store: store, clock: clock))
        capabilities = AccountCapabilities(
            administration: AdminCapabilities(
                desk: desk, store: store, input: input, editor: editor,
                removal: UserRemoval(belongings: []),
                invite: InviteUser(
                    desk: desk, input: input, mint: mint, courier: courier, letters: letters),
                settings: settings),
            register: RegisterUser(
                desk: desk,
                policy: {
                    try store.read { try settings.value(of: "sign_up", in: $0) }.flatMap(SignUpPolicy.init)
                        ?? policy
                },
                input: input, hasher: hasher, mint: mint, courier: courier, letters: letters),
            verifyEmail: VerifyEmail(desk: desk, mint: mint),
            requestEmailVerification: RequestEmailVerification(
                desk: desk, mint: mint, courier: courier, letters: letters),
            signIn: SignIn(desk: desk, input: input, check: check, hasher: hasher, tokens: tokens),
            refreshSession: RefreshSession(desk: desk, tokens: tokens), signOut: SignOut(desk: desk),
            changePassword: ChangePassword(desk: desk, input: input, check: check, hasher: hasher),
            requestPasswordReset: RequestPasswordReset(
                desk: desk, input: input, mint: mint, courier: courier, letters: letters),
            resetPassword: ResetPassword(desk: desk, input: input, hasher: hasher, mint: mint),
            listSessions: ListSessions(desk: desk), revokeSession: RevokeSession(desk: desk),
            getProfile: GetProfile(desk: desk),
            updateProfile: UpdateProfile(desk: desk, editor: editor, check: check),
            deleteAccount: DeleteAccount(
                desk: desk, check: check, removal: UserRemoval(belongings: [])),
            getCredits: GetCredits(desk: desk), listCreditEntries: ListCreditEntries(desk: desk),
            getUsage: GetUsage(desk: desk, calendar: calendar),
            issueKey: IssueAPIKey(
                desk: desk, input: input, mint: mint, courier: courier, letters: letters),
            listKeys: ListAPIKeys(desk: desk),
            renameKey: RenameAPIKey(desk: desk, input: input), revokeKey: RevokeAPIKey(desk: desk),
            personal: PersonalCapabilities(desk: desk, catalog: Self.catalog, media: media), clock: clock)
    }

    /// Makes a user, whoever may sign up.
    func add(_ name: String) async throws {
        let user = try User.register(
            id: Identifier(at: clock.now(), randomness: (1, UInt64(name.utf8.count))),
            profile: Profile(username: Username(name), email: EmailAddress("\(name)@example.org")),
            at: clock.now()
        ).user
        let hash = try await hasher.hash(Password(choosing: Self.password, insteadOf: []))
        try await store.write { writer in
            try writer.userWriter.insert(user)
            try writer.userWriter.setPasswordHash(hash, of: user.id)
        }
    }

    /// Makes an administrator who has a password.
    func makeAdministrator(_ name: String) async throws {
        let random = SeededRandomSource(seed: 4)
        let desk = AccountDesk(
            store: store, identifiers: IdentifierMaker(clock: clock, random: random), clock: clock)
        let input = TypedInput(text: UnchangedText(), domains: ASCIIDomainNames(), calendar: FixedCalendar())
        _ = try await CreateAdministrator(desk: desk, input: input, hasher: hasher)(
            SignUpForm(username: name, email: "\(name)@example.org", password: Self.password))
    }

    /// The codes that were mailed so far; nothing can be mailed afterwards.
    func codes() async -> [String] {
        courier.close()
        await courier.run()
        return mailer.mails.compactMap { mail in
            mail.text.split(whereSeparator: \.isWhitespace).map(String.init)
                .first { $0.hasPrefix("cr") && $0.count > 60 }
        }
    }
}

struct SilentLog: Log {
    let level = LogLevel.error
    func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {}
}

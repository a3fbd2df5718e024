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
    let courier: Courier
    let identify: IdentifyCaller
    let capabilities: AccountCapabilities
    let billing: Billing

    init(policy: SignUpPolicy = .open) {
        let random = SeededRandomSource(seed: 3)
        media = FileBackedMedia(identifiers: IdentifierMaker(clock: clock, random: random))
        let calendar = FixedCalendar()
        let letters = Letters(site: "clips.example")
        let hasher = InMemoryPasswordHasher()
        let desk = AccountDesk(
            store: store, identifiers: IdentifierMaker(clock: clock, random: random), clock: clock)
        let input = TypedInput(text: UnchangedText(), domains: ASCIIDomainNames(), calendar: calendar)
        let mint = TokenMint(source: SeededSecretSource(random: random), hasher: InMemoryTokenHasher())
        let tokens = SessionTokens(
            mint: mint, access: InMemoryAccessTokens(), csrf: InMemoryCSRFTokens())
        let check = PasswordCheck(desk: desk, hasher: hasher, input: input)
        let courier = Courier(mailer: mailer, clock: clock, log: SilentLog())
        self.courier = courier
        billing = Billing(tariff: Tariff(limitSeconds: 3600), calendar: calendar)
        identify = IdentifyCaller(
            desk: desk, tokens: tokens, mint: mint, uses: KeyUses(store: store, clock: clock))
        capabilities = AccountCapabilities(
            register: RegisterUser(
                desk: desk, policy: policy, input: input, hasher: hasher, mint: mint, courier: courier,
                letters: letters),
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
            updateProfile: UpdateProfile(
                desk: desk,
                editor: ProfileEditor(
                    desk: desk, input: input, mint: mint, courier: courier, letters: letters),
                check: check),
            deleteAccount: DeleteAccount(
                desk: desk, check: check, removal: UserRemoval(belongings: [])),
            getCredits: GetCredits(desk: desk), listCreditEntries: ListCreditEntries(desk: desk),
            getUsage: GetUsage(desk: desk, calendar: calendar),
            issueKey: IssueAPIKey(desk: desk, input: input, mint: mint), listKeys: ListAPIKeys(desk: desk),
            renameKey: RenameAPIKey(desk: desk, input: input), revokeKey: RevokeAPIKey(desk: desk),
            personal: PersonalCapabilities(desk: desk, catalog: Self.catalog, media: media), clock: clock)
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

private struct SilentLog: Log {
    let level = LogLevel.error
    func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {}
}

import Application
import Domain
import Infrastructure
import Presentation

/// What a server with accounts works with, put together once.
final class AccountBackend: Sendable {
    /// How long mail that waits when the server ends may still take.
    static let lastDelivery = Duration.seconds(10)

    /// Finds out who calls.
    let authenticator: AccountAuthenticator
    /// What orders are held against.
    let billing: Billing
    /// What can be done for people.
    let capabilities: AccountCapabilities
    private let courier: Courier
    private let uses: KeyUses
    private let log: any Log

    /// The use cases over a store.
    init(
        _ configuration: Configuration, desk: AccountDesk, store: any Store, clock: any WallClock,
        identifiers: IdentifierMaker, keys: KeyRing, settings: RuntimeSettings, mailer: any Mailer,
        catalog: any CaptionCatalog, media: any MediaStore, log: any Log
    ) {
        self.log = log
        let calendar = ZoneCalendar()
        let input = TypedInput.ofThisMachine(calendar)
        let hasher = Argon2idHasher()
        let mint = TokenMint(source: SodiumSecretSource(), hasher: SodiumTokenHasher(keys))
        let tokens = SessionTokens(
            mint: mint, access: SignedAccessTokens(keys), csrf: SignedCSRFTokens(keys))
        let check = PasswordCheck(desk: desk, hasher: hasher, input: input)
        let courier = Courier(mailer: mailer, clock: clock, log: log)
        let letters = Letters(of: configuration)
        let editor = ProfileEditor(desk: desk, input: input, mint: mint, courier: courier, letters: letters)
        let removal = UserRemoval(
            belongings: [ClippingBelongings(identifiers: identifiers), WebhookBelongings()])
        let uses = KeyUses(store: store, clock: clock)
        self.courier = courier
        self.uses = uses
        billing = Billing(
            tariff: Tariff(limitSeconds: configuration[Settings.sourceDurationLimit]), calendar: calendar)
        authenticator = AccountAuthenticator(
            identify: IdentifyCaller(desk: desk, tokens: tokens, mint: mint, uses: uses))
        capabilities = AccountCapabilities(
            administration: AdminCapabilities(
                desk: desk, store: store, input: input, editor: editor, removal: removal,
                invite: InviteUser(
                    desk: desk, input: input, mint: mint, courier: courier, letters: letters),
                settings: settings),
            register: RegisterUser(
                desk: desk, policy: Self.signUpPolicy(settings, store: store),
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
            deleteAccount: DeleteAccount(desk: desk, check: check, removal: removal),
            getCredits: GetCredits(desk: desk), listCreditEntries: ListCreditEntries(desk: desk),
            getUsage: GetUsage(desk: desk, calendar: calendar),
            issueKey: IssueAPIKey(
                desk: desk, input: input, mint: mint, courier: courier, letters: letters),
            listKeys: ListAPIKeys(desk: desk),
            renameKey: RenameAPIKey(desk: desk, input: input), revokeKey: RevokeAPIKey(desk: desk),
            personal: PersonalCapabilities(desk: desk, catalog: catalog, media: media), clock: clock)
    }

    /// Says who may sign up now: what an administrator has set holds at once, in every process.
    private static func signUpPolicy(
        _ settings: RuntimeSettings, store: any Store
    ) -> @Sendable () throws -> SignUpPolicy {
        let signUp = Settings.signUp.key
        return {
            try store.read { try settings.value(of: signUp.name, in: $0) }.flatMap(SignUpPolicy.init)
                ?? settings.configuration[signUp]
        }
    }

    /// Writes down when keys are used, until the task is cancelled; then the last of it.
    func noteKeyUses() async {
        await uses.run()
        // The cancellation must not reach what is left to be written.
        await Task { [uses, log] in
            do {
                try await uses.flush()
            } catch {
                log.write(.warning, "last uses of keys not noted", ["reason": .text("\(error)")])
            }
        }.value
    }

    /// How many letters were not delivered since the process began.
    var undeliveredMail: Int { courier.undelivered }

    /// Carries mail until ``closeMail()``, and until all was tried that was posted before.
    func carryMail() async {
        await courier.run()
    }

    /// Takes no more mail.
    func closeMail() {
        courier.close()
    }
}

extension Letters {
    /// Letters of the server under the name by which people know it.
    init(of configuration: Configuration) {
        self.init(site: configuration[Settings.hosts].first ?? "Cutroom")
    }
}

extension TypedInput {
    /// What people type, read by the libraries and the time zones of this machine.
    static func ofThisMachine(_ calendar: any Calendar) -> TypedInput {
        TypedInput(text: ComposedText(), domains: InternationalDomainNames(), calendar: calendar)
    }
}

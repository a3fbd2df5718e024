import Application
import Domain
import Synchronization

/// The use cases of accounts over adapters in memory.
struct Registry: Sendable {
    static let password = "correct horse battery"
    static let home = Origin(address: NetworkAddress("192.0.2.7"), device: "Firefox")
    static let berlin = TimeZoneName(stored: "Europe/Berlin")

    let clock = InMemoryClock()
    let store = InMemoryStore()
    let hasher = InMemoryPasswordHasher()
    let mailer = InMemoryMailer()
    let log = RememberingLog()
    let belongings = CountedBelongings()
    let desk: AccountDesk
    let mint: TokenMint
    let tokens: SessionTokens
    let input: TypedInput
    let courier: Courier
    let uses: KeyUses
    let letters = Letters(site: "clips.example")
    let calendar = FixedCalendar(offsets: [Self.berlin: .seconds(7200)])

    init() {
        let random = SeededRandomSource(seed: 1)
        desk = AccountDesk(
            store: store, identifiers: IdentifierMaker(clock: clock, random: random), clock: clock)
        mint = TokenMint(source: SeededSecretSource(random: random), hasher: InMemoryTokenHasher())
        tokens = SessionTokens(
            mint: mint, access: InMemoryAccessTokens(), csrf: InMemoryCSRFTokens())
        input = TypedInput(text: ComposedText(), domains: BookishDomains(), calendar: calendar)
        courier = Courier(mailer: mailer, clock: clock, log: log)
        uses = KeyUses(store: store, clock: clock)
    }

    var check: PasswordCheck { PasswordCheck(desk: desk, hasher: hasher, input: input) }
    var editor: ProfileEditor {
        ProfileEditor(desk: desk, input: input, mint: mint, courier: courier, letters: letters)
    }
    var removal: UserRemoval { UserRemoval(belongings: [belongings]) }
    var signIn: SignIn {
        SignIn(desk: desk, input: input, check: check, hasher: hasher, tokens: tokens)
    }
    var refresh: RefreshSession { RefreshSession(desk: desk, tokens: tokens) }
    var identify: IdentifyCaller { IdentifyCaller(desk: desk, tokens: tokens, mint: mint, uses: uses) }
    var verify: VerifyEmail { VerifyEmail(desk: desk, mint: mint) }
    var changePassword: ChangePassword {
        ChangePassword(desk: desk, input: input, check: check, hasher: hasher)
    }
    var requestReset: RequestPasswordReset {
        RequestPasswordReset(desk: desk, input: input, mint: mint, courier: courier, letters: letters)
    }
    var reset: ResetPassword { ResetPassword(desk: desk, input: input, hasher: hasher, mint: mint) }
    var update: UpdateProfile { UpdateProfile(desk: desk, editor: editor, check: check) }
    var deleteAccount: DeleteAccount { DeleteAccount(desk: desk, check: check, removal: removal) }
    var issueKey: IssueAPIKey {
        IssueAPIKey(desk: desk, input: input, mint: mint, courier: courier, letters: letters)
    }
    var invite: InviteUser {
        InviteUser(desk: desk, input: input, mint: mint, courier: courier, letters: letters)
    }
    var createAdministrator: CreateAdministrator {
        CreateAdministrator(desk: desk, input: input, hasher: hasher)
    }
    var suspend: SuspendUser { SuspendUser(desk: desk, input: input) }
    var adjust: AdjustCredits { AdjustCredits(desk: desk, input: input) }
    var changeTier: ChangeTier { ChangeTier(desk: desk) }
    var settings: RuntimeSettings { settings(given: .fallback) }
    /// Two settings, of which one takes “yes” and “no” only, whose values come from there without an administrator.
    func settings(given source: SettingSource, box: any SecretBox = InMemorySecretBox()) -> RuntimeSettings {
        RuntimeSettings(over: Self.configuration(from: source), box: box)
    }
    /// A configuration of those two, both set there to a value that is taken.
    static func configuration(from source: SettingSource) -> EffectiveConfiguration {
        let sure = SettingKey<Bool>("sure") { values throws(SettingRefusal) in
            guard let text = values.last, ["yes", "no"].contains(text) else {
                throw SettingRefusal(expectation: "must be yes or no")
            }
            return text == "yes"
        }
        let key = SettingKey<String?>("key") { values throws(SettingRefusal) in values.last }
        let origin: SettingOrigin =
            switch source {
            case .fallback: .fallback
            case .file: .file("/etc/cutroom.json")
            case .environment: .variable("CUTROOM_SURE")
            case .flag: .flag
            case .administrator: .administrator
            }
        let settings = [
            EffectiveSetting(
                SettingDeclaration(
                    sure, summary: "Whether it is", form: "yes|no", fallback: ["no"], adjustable: .now),
                ["no"], from: origin),
            EffectiveSetting(
                SettingDeclaration(
                    key, summary: "A key", form: "KEY", secret: .everything, adjustable: .restart),
                source == .fallback ? [] : ["given"], from: origin),
        ]
        guard let configuration = try? EffectiveConfiguration(settings) else { preconditionFailure() }
        return configuration
    }

    func register(_ policy: SignUpPolicy = .open) -> RegisterUser {
        RegisterUser(
            desk: desk, policy: policy, input: input, hasher: hasher, mint: mint, courier: courier,
            letters: letters)
    }
}

extension Registry {
    /// A form that keeps the rules.
    static func form(_ name: String, email: String? = nil) -> SignUpForm {
        SignUpForm(
            username: name, email: email ?? "\(name.lowercased())@example.org", password: Self.password)
    }

    /// Signs somebody up.
    @discardableResult
    func join(_ name: String) async throws -> User {
        try await register()(Self.form(name), from: Self.home)
    }

    /// Signs somebody in.
    func enter(_ name: String, _ password: String = Self.password) async throws -> SessionGrant {
        try await signIn(name: name, password: password, from: Self.home)
    }

    /// A user who has just signed up and in, and how that user calls.
    func member(_ name: String = "Ada") async throws -> (user: User, caller: Caller) {
        try await join(name)
        let grant = try await enter(name)
        return (grant.user, try identify(.accessToken(grant.accessToken)))
    }

    /// An administrator.
    func administrator(_ name: String = "Grace") async throws -> Caller {
        let (user, _) = try await createAdministrator(Self.form(name))
        let session = Session.start(
            id: Identifier(high: user.id.high, low: user.id.low), user: user.id, device: "", at: clock.now()
        ).session
        let hash = TokenHash(bytes: Array("\(user.id)".utf8.suffix(TokenHash.byteCount)))!
        // Straight into the store, so that no trail tells of it.
        try await store.write { try $0.sessionWriter.insert(session, refreshToken: hash) }
        return Caller(user: user.id, role: .admin, means: .session(session.id))
    }

    /// Delivers what was posted, and says all that was delivered so far; nothing can be posted afterwards.
    func deliveredMails() async -> [Mail] {
        courier.close()
        await courier.run()
        return mailer.mails
    }

    func user(_ id: Identifier<User>) throws -> User? { try store.read { try $0.users.find(id) } }

    func ledger(_ id: Identifier<User>) throws -> CreditLedger {
        try store.read { try $0.credits.ledger(of: id) }
    }

    /// The whole audit trail.
    func trail(_ filter: AuditFilter = AuditFilter()) throws -> [AuditEntry] {
        try store.read { try $0.audit.page(filter, limit: 10_000, before: nil).items }
    }

    /// The lines about one kind of thing.
    func trail(_ action: AuditAction) throws -> [AuditEntry] {
        var filter = AuditFilter()
        filter.action = action
        return try trail(filter)
    }

    /// The whole outbox.
    func events() throws -> [AccountEvent] {
        try store.read { try $0.accountEvents.events(after: 0, limit: 10_000).map(\.event) }
    }

    /// How often `body` changed the store.
    func writes(_ body: () async throws -> Void) async rethrows -> Int {
        let count = Count()
        let observation = store.observe { count.increase() }
        try await body()
        return withExtendedLifetime(observation) { count.value }
    }
}

extension AccountDesk {
    /// An identifier of something that is not there.
    func anyIdentifier<Subject>() -> Identifier<Subject> { Identifier(high: 0xF, low: 0xF) }
}

extension Mail {
    /// The code in it.
    var token: String? {
        text.split(whereSeparator: \.isWhitespace).map(String.init).first {
            $0.hasPrefix("cr") && $0.count > 60
        }
    }
}

final class Count: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock { $0 } }
    func increase() { number.withLock { $0 += 1 } }
}

/// Puts an accent on the letter before it, as far as the tests need.
struct ComposedText: TextNormaliser {
    func normalise(_ text: String) -> String {
        var scalars: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            if scalar == "\u{301}", scalars.last == "e" {
                scalars[scalars.count - 1] = "\u{E9}"
            } else {
                scalars.append(scalar)
            }
        }
        return scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
    }
}

/// Knows one name beyond ASCII.
struct BookishDomains: DomainNames {
    func ascii(_ name: String) -> String? {
        name.lowercased() == "bücher.example" ? "xn--bcher-kva.example" : nil
    }
}

final class RememberingLog: Log {
    private let written = Mutex<[String]>([])
    let level = LogLevel.debug
    var events: [String] { written.withLock { $0 } }
    func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {
        written.withLock { $0.append(event) }
    }
}

/// Something of users', removed with them, which can refuse.
final class CountedBelongings: UserBelongings {
    private let state = Mutex<(removed: [Identifier<User>], refusal: PortError?)>(([], nil))
    var removed: [Identifier<User>] { state.withLock { $0.removed } }

    func refuse(with error: PortError?) { state.withLock { $0.refusal = error } }

    func remove(of user: Identifier<User>, in writer: any StoreWriter, at now: Timestamp) throws {
        try state.withLock { state in
            if let refusal = state.refusal { throw refusal }
            state.removed.append(user)
        }
    }
}

import Application
import Domain
import FoundationEssentials
import Infrastructure

/// Makes `--users` people with more credits than they can spend, each with an API key of the server whose secret key is
/// `--secret`, and writes the keys to `--keys`, one a line.
func people(_ options: Options) async throws {
    let store = try SQLiteStore(path: options.text("data") + "/cutroom.sqlite")
    let desk = AccountDesk(
        store: store, identifiers: IdentifierMaker(clock: SystemClock(), random: SystemRandomSource()),
        clock: SystemClock())
    let keys = try KeyRing(Array(options.text("secret").utf8))
    let issue = IssueAPIKey(
        desk: desk,
        input: TypedInput(
            text: ComposedText(), domains: InternationalDomainNames(), calendar: ZoneCalendar()),
        mint: TokenMint(source: SodiumSecretSource(), hasher: SodiumTokenHasher(keys)),
        courier: Courier(mailer: InMemoryMailer(), clock: SystemClock(), log: NoLog()),
        letters: Letters(site: "bench"))
    var lines = ""
    for caller in try await members(options.number("users"), of: store) {
        let key = try await issue(name: "bench", scopes: [.tasksWrite], by: caller, from: .server)
        lines += key.token.text + "\n"
    }
    try lines.write(toFile: options.text("keys"), atomically: false, encoding: .utf8)
    try answer(["users": Double(options.number("users"))])
}

/// Writes nothing down.
private struct NoLog: Log {
    let level = LogLevel.error
    func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {}
}

/// Makes people on a plan of their own, who can order a thousand tasks each.
func members(_ count: Int, of store: SQLiteStore) async throws -> [Caller] {
    let clock = SystemClock()
    let identifiers = IdentifierMaker(clock: clock, random: SystemRandomSource())
    let tier = try Tier(
        name: Tier.Name("bench"), monthlyCredits: 1_000_000, longestSource: .seconds(60), tasksPerDay: nil,
        concurrentTasks: 1000, storage: 1, priority: Job.ordinaryPriority)
    let users = try (0..<count).map { _ in
        let id: Identifier<User> = identifiers.make()
        let name = "u" + "\(id)".filter { $0 != "-" }.suffix(20)
        return User.register(
            id: id,
            profile: Profile(
                username: try Username(name), email: try EmailAddress("\(name)@example.org")),
            tier: tier.name, at: clock.now()
        ).user
    }
    // Nobody goes on with these sessions, so any hash does for their refresh tokens.
    let sessions = users.map {
        Session.start(id: identifiers.make(), user: $0.id, device: "cutroom-bench", at: clock.now()).session
    }
    let hasher = SodiumTokenHasher(try KeyRing(KeyRing.make()))
    try await store.write { writer in
        try writer.tierWriter.put(tier)
        for (user, session) in zip(users, sessions) {
            try writer.userWriter.insert(user)
            try writer.sessionWriter.insert(
                session, refreshToken: hasher.hash(SodiumSecretSource().token(for: .refresh)))
        }
    }
    return sessions.map { Caller(user: $0.user, role: .user, means: .session($0.id)) }
}

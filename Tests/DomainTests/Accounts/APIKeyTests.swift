import Domain
import Testing

@Suite("API keys")
struct APIKeyTests {
    static let now = People.now
    static let id = Identifier<APIKey>(high: 6, low: 6)

    static func issue(
        to owner: Caller = People.caller(), name: String = "laptop", scopes: Set<Scope> = [.tasksRead],
        expiresAt: Timestamp? = nil, activeKeys: Int = 0
    ) throws(APIKeyError) -> (key: APIKey, events: [AccountEvent]) {
        try APIKey.issue(
            id: id, to: owner, name: name, scopes: scopes, hash: People.hash, expiresAt: expiresAt,
            activeKeys: activeKeys, at: now)
    }

    @Test("A6: a key has a name, scopes and an expiry, and works from the start")
    func issued() throws {
        let (key, events) = try Self.issue(name: " laptop ", expiresAt: People.later)
        #expect((key.name, key.scopes, key.owner) == ("laptop", [.tasksRead], People.ada))
        try key.requireActive(at: Self.now)
        #expect(
            events == [AccountEvent(user: People.ada, version: 1, at: Self.now, change: .keyIssued(Self.id))])
    }

    @Test("A6: a key stops working when it expires and when it is revoked, for good")
    func ends() throws {
        var (key, _) = try Self.issue(expiresAt: People.later)
        try key.requireActive(at: People.later - .milliseconds(1))
        #expect(throws: APIKeyError.expired) { try key.requireActive(at: People.later) }
        #expect(key.revoke(at: Self.now).map(\.change) == [.keyRevoked(Self.id)])
        #expect(throws: APIKeyError.revoked) { try key.requireActive(at: Self.now) }
        #expect(!key.isActive(at: Self.now))
        let before = key
        #expect(key.revoke(at: People.later).isEmpty)
        #expect(key == before)
        #expect(throws: APIKeyError.revoked) { try key.rename(to: "other", at: Self.now) }
    }

    @Test("A6, C54: a user has at most 25 keys that work")
    func mostActive() throws {
        _ = try Self.issue(activeKeys: 24)
        #expect(throws: APIKeyError.tooMany) { try Self.issue(activeKeys: 25) }
    }

    @Test("A6: a key expires later than it is made")
    func expiry() {
        #expect(throws: APIKeyError.expiry) { try Self.issue(expiresAt: Self.now) }
    }

    @Test(
        "A6: a key's name has 1–100 characters on one line",
        arguments: ["", " ", "a\nb", String(repeating: "x", count: 101)])
    func names(_ name: String) throws {
        #expect(throws: APIKeyError.name) { try Self.issue(name: name) }
        var (key, _) = try Self.issue()
        #expect(throws: APIKeyError.name) { try key.rename(to: name, at: Self.now) }
    }

    @Test("A6: a key can be renamed, and keeps its version when it has that name already")
    func rename() throws {
        var (key, _) = try Self.issue()
        #expect(try key.rename(to: "desk", at: Self.now).map(\.change) == [.keyRenamed(Self.id)])
        #expect(try key.rename(to: " desk", at: Self.now).isEmpty)
        #expect((key.name, key.version) == ("desk", 2))
    }

    @Test("A6: the last use is noted to a minute, so that not every call writes")
    func use() throws {
        var (key, _) = try Self.issue()
        let noted = [0, 1, 59, 60, 61, 119, 120].map { key.use(at: Self.now + .seconds($0)) }
        #expect(noted == [true, false, false, true, false, false, true])
        #expect(key.lastUsedAt == Self.now + .seconds(120))
    }

    @Test("A6: a key allows no more than who makes it may do")
    func scopes() throws {
        #expect(throws: APIKeyError.noScope) { try Self.issue(scopes: []) }
        #expect(throws: APIKeyError.scope(.admin)) { try Self.issue(scopes: [.tasksRead, .admin]) }
        _ = try Self.issue(to: People.caller(role: .admin), scopes: Scope.forKeys)
        let byKey = Caller(user: People.ada, role: .user, means: .apiKey(Self.id, [.tasksRead]))
        #expect(throws: APIKeyError.scope(.tasksWrite)) {
            try Self.issue(to: byKey, scopes: [.tasksRead, .tasksWrite])
        }
    }

    @Test("no key can make keys, change the password or delete the user")
    func security() {
        #expect(throws: APIKeyError.scope(.accountSecurity)) {
            try Self.issue(to: People.caller(role: .admin), scopes: [.accountSecurity])
        }
    }
}

@Suite("Callers")
struct CallerTests {
    static func key(_ scopes: Set<Scope>, role: Role = .user) -> Caller {
        Caller(user: People.ada, role: role, means: .apiKey(APIKeyTests.id, scopes))
    }

    @Test(
        "the local user and an administrator who has signed in may do everything", arguments: Scope.allCases)
    func everything(_ scope: Scope) throws {
        try Caller.local.require(scope)
        try People.caller(role: .admin).require(scope)
    }

    @Test(
        "A61: a user who has signed in may do everything but look after the server",
        arguments: Scope.allCases)
    func user(_ scope: Scope) {
        #expect(People.caller().may(scope) == (scope != .admin))
    }

    @Test("A6: a key may do what its scopes say, and nothing else", arguments: Scope.allCases, Scope.allCases)
    func keyScopes(_ given: Scope, _ asked: Scope) {
        let caller = Self.key([given], role: .admin)
        #expect(caller.may(asked) == (given == asked && asked != .accountSecurity))
        if !caller.may(asked) {
            #expect(throws: AccessError.missingScope(asked)) { try caller.require(asked) }
        }
    }

    @Test("A61: a key of someone who is no administrator any more administers nothing")
    func demoted() {
        #expect(Self.key([.admin], role: .admin).may(.admin))
        #expect(!Self.key([.admin], role: .user).may(.admin))
    }

    @Test("A26: what belongs to someone else is not one's own, not even an administrator's")
    func ownership() {
        for caller in [People.caller(), People.caller(role: .admin), Self.key([.tasksRead])] {
            #expect(caller.owns(People.ada))
            #expect(!caller.owns(People.bob))
            #expect(!caller.owns(User.local))
        }
        #expect(Caller.local.owns(User.local))
    }

    @Test("the names of scopes are different and say what they open")
    func names() {
        #expect(Set(Scope.allCases.map(\.rawValue)).count == Scope.allCases.count)
        for scope in Scope.allCases where scope != .admin { #expect(scope.rawValue.contains(":")) }
    }
}

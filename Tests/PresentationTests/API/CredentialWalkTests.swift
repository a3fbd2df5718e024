import Application
import Domain
import Presentation
import Testing

/// Walks every route of a server that has accounts with real credentials; a new route is found by itself.
@Suite("Every route looks at what is shown")
struct CredentialWalkTests {
    private let people = People()
    private let fixture: APIFixture

    init() throws {
        fixture = try APIFixture(
            authenticator: AccountAuthenticator(identify: people.identify), people: people)
    }

    /// The routes that need a caller, with what they need and a path that leads to each.
    private func guarded() throws -> [(route: Route, scope: Scope, path: String)] {
        try fixture.api.routes.compactMap { route in
            guard case .needs(let name) = route.access else { return nil }
            let parts = route.path.segments.map { segment in
                switch segment {
                case .literal(let text): text
                case .argument: "01890000-0000-7000-8000-000000000000"
                case .action(_, let verb): "01890000-0000-7000-8000-000000000000:\(verb)"
                }
            }
            return (route, try #require(Scope(rawValue: name)), "/" + parts.joined(separator: "/"))
        }
    }

    /// A user who has signed in.
    private func member(_ name: String) async throws -> (grant: SessionGrant, caller: Caller) {
        let can = people.capabilities
        let home = Origin(address: nil, device: "")
        _ = try await can.register(
            SignUpForm(username: name, email: "\(name)@example.org", password: People.password), from: home)
        let grant = try await can.signIn(name: name, password: People.password, from: home)
        return (grant, try people.identify(.accessToken(grant.accessToken)))
    }

    private func key(_ caller: Caller, _ scopes: Set<Scope>, expiresAt: Timestamp? = nil) async throws
        -> IssuedAPIKey
    {
        try await people.capabilities.issueKey(
            name: "walker", scopes: scopes, expiresAt: expiresAt, by: caller, from: .server)
    }

    /// Sends a request whose body nobody should come to read.
    private func send(_ route: Route, _ path: String, _ token: String?) async throws -> APIFixture.Answer {
        var fields: HTTPFields = token.map { ["Authorization": "Bearer \($0)"] } ?? [:]
        fields["Content-Type"] = route.body?.content.first?.mediaType
        return try await fixture.send(route.method.rawValue, path, bytes: [], fields: fields)
    }

    @Test(
        "who signs up, in or chooses a new password needs nothing to show; everything of a user needs something"
    )
    func open() throws {
        let open = fixture.api.routes.filter { $0.access == .open }.map(\.path.text)
        let own = ["/users/me", "/api-keys", "/tasks", "/jobs", "/uploads"]
        #expect(open.allSatisfy { path in !own.contains { path.hasPrefix("/api/v1\($0)") } })
        #expect(
            Set(open.filter { $0.hasPrefix("/api/v1/auth/") }) == [
                "/api/v1/auth/register", "/api/v1/auth/login", "/api/v1/auth/refresh",
                "/api/v1/auth/password/forgot", "/api/v1/auth/password/reset", "/api/v1/auth/email/verify",
            ])
        #expect(try guarded().count > 30)
    }

    @Test("A26: keys and sessions of another user are not there, whatever is tried with them")
    func othersThings() async throws {
        let (grant, ada) = try await member("ada")
        let bob = try await member("bob").grant
        let issued = try await key(ada, [.tasksRead])
        let own: HTTPFields = ["Authorization": "Bearer \(grant.accessToken)"]
        let sessions = try await fixture.send("GET", "/api/v1/users/me/sessions", fields: own).json
        let owned = [
            "api-keys": "\(issued.key.id)",
            "sessions": try #require(sessions.elements?.first?["id"]?.text),
        ]
        // With what is made of uploads and orders AccessWalkTests walks.
        let walkedThere = ["tasks", "clips", "jobs", "webhooks"]
        var walked = 0
        for (route, scope, _) in try guarded() where scope != .admin {
            let names = route.path.segments.map { if case .literal(let name) = $0 { name } else { "{}" } }
            guard let place = names.firstIndex(of: "{}"), !walkedThere.contains(names[place - 1]) else {
                continue
            }
            let id = try #require(owned[names[place - 1]], "give the first user a thing for \(names)")
            let path = "/" + names.map { $0 == "{}" ? id : $0 }.joined(separator: "/")
            var fields: HTTPFields = ["Authorization": "Bearer \(bob.accessToken)"]
            fields["Content-Type"] = route.body?.content.first?.mediaType
            let bytes = route.body == nil ? [] : Array(#"{"name":"mine"}"#.utf8)
            let answer = try await fixture.send(route.method.rawValue, path, bytes: bytes, fields: fields)
            #expect(answer.status == 404, "\(route.method) \(path): \(answer.body.text)")
            walked += 1
        }
        #expect(walked >= 3)
        #expect(try people.identify(.apiKey(issued.token.text)).user == ada.user)
        #expect(try people.identify(.accessToken(grant.accessToken)).user == ada.user)
    }

    @Test("A6: a revoked key, an expired key, an ended session and no credential get past no route")
    func void() async throws {
        let (grant, caller) = try await member("ada")
        let revoked = try await key(caller, Scope.forKeys.subtracting([.admin]))
        try await people.capabilities.revokeKey(revoked.key.id, by: caller, from: .server)
        let soon = people.clock.now() + .seconds(1)
        let expired = try await key(caller, Scope.forKeys.subtracting([.admin]), expiresAt: soon)
        people.clock.set(to: soon)
        try await people.capabilities.signOut(by: caller, from: .server)
        let shown = [nil, revoked.token.text, expired.token.text, grant.accessToken]
        for (route, _, path) in try guarded() {
            for token in shown {
                let answer = try await send(route, path, token)
                #expect(answer.status == 401, "\(route.method) \(path)")
                #expect(answer.fields["WWW-Authenticate"] != nil, "\(route.method) \(path)")
            }
        }
    }

    /// A browser's cookie with an access token, and what a page shows beside it.
    private func cookie(_ access: String, csrf: String?) -> HTTPFields {
        var fields: HTTPFields = ["Cookie": "theme=dark; __Host-cutroom_access=\(access)"]
        fields["X-CSRF-Token"] = csrf
        return fields
    }

    private func send(_ route: Route, _ path: String, _ fields: HTTPFields) async throws
        -> APIFixture.Answer
    {
        var fields = fields
        fields["Content-Type"] = route.body?.content.first?.mediaType
        return try await fixture.send(route.method.rawValue, path, bytes: [], fields: fields)
    }

    @Test(
        "A5: cookies change nothing without their own session's CSRF token, or from a page of another origin")
    func forgery() async throws {
        let (ada, bob) = (try await member("ada").grant, try await member("bob").grant)
        let tokens = [nil, "", "x", String(ada.csrfToken.dropLast()), ada.accessToken, bob.csrfToken]
        let foreign: [(String, String)] = [
            ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
        ]
        for (route, scope, path) in try guarded() where route.method != .get && scope != .admin {
            for token in tokens {
                let answer = try await send(route, path, cookie(ada.accessToken, csrf: token))
                #expect(answer.status == 403, "\(route.method) \(path) with \(token ?? "none")")
                #expect(answer.json["code"] == "csrf_refused", "\(route.method) \(path)")
            }
            for (name, value) in foreign {
                var fields = cookie(ada.accessToken, csrf: ada.csrfToken)
                fields["Host"] = "clips.example"
                fields[name] = value
                let answer = try await send(route, path, fields)
                #expect(answer.status == 403, "\(route.method) \(path) from \(value)")
                #expect(answer.json["code"] == "origin_not_allowed", "\(route.method) \(path)")
            }
        }
    }

    @Test("A5: a cookie of a session that has ended, or whose time is over, gets past no route")
    func voidCookies() async throws {
        let (ada, caller) = try await member("ada")
        let (bob, _) = try await member("bob")
        try await people.capabilities.signOut(by: caller, from: .server)
        let over = bob.accessExpiresAt
        for (route, _, path) in try guarded() {
            #expect(
                try await send(route, path, cookie(ada.accessToken, csrf: ada.csrfToken)).status == 401,
                "\(route.method) \(path)")
        }
        people.clock.set(to: over)
        for (route, _, path) in try guarded() {
            #expect(
                try await send(route, path, cookie(bob.accessToken, csrf: bob.csrfToken)).status == 401,
                "\(route.method) \(path)")
        }
    }

    @Test("what a stranger sends is not looked at: whatever type and length it is of, the answer is 401")
    func strangers() async throws {
        for (route, _, path) in try guarded() {
            let fields: HTTPFields = ["Accept": "image/x-none", "Content-Type": "text/x-none"]
            let answer = try await fixture.send(
                route.method.rawValue, "\(path)?nothing=1", bytes: [1], fields: fields)
            #expect(answer.status == 401, "\(route.method) \(path)")
        }
    }

    @Test("A6: a key of every other scope gets past no route, and none past those that need the person")
    func wrongScopes() async throws {
        let (_, caller) = try await member("ada")
        var keys: [Scope: String] = [:]
        for scope in Scope.forKeys where scope != .admin {
            keys[scope] = try await key(caller, [scope]).token.text
        }
        for (route, needed, path) in try guarded() {
            for (scope, token) in keys where scope != needed {
                let answer = try await send(route, path, token)
                #expect(answer.status == 403, "\(route.method) \(path) with \(scope)")
                #expect(answer.json["code"] == "missing_scope", "\(route.method) \(path) with \(scope)")
            }
        }
    }
}

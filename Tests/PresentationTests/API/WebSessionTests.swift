import Application
import Domain
import Presentation
import Testing

/// A browser that keeps what it is given, as far as the tests need.
private struct Browser {
    private(set) var cookies: [String: String] = [:]
    /// The attributes of each cookie that was set last.
    private(set) var attributes: [String: Set<String>] = [:]

    mutating func take(_ answer: APIFixture.Answer) {
        for text in answer.fields.values(of: "Set-Cookie") {
            let parts = text.split(separator: ";").map { String($0.drop(while: { $0 == " " })) }
            let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(pair[0])
            attributes[name] = Set(parts.dropFirst())
            cookies[name] = parts.contains("Max-Age=0") ? nil : String(pair[1])
        }
    }

    /// What its pages send: the cookies, and the token that they can read.
    func fields(showingToken: Bool = true) -> HTTPFields {
        var fields: HTTPFields = [:]
        if !cookies.isEmpty {
            fields["Cookie"] = cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        }
        if showingToken { fields["X-CSRF-Token"] = cookies["__Host-cutroom_csrf"] }
        return fields
    }
}

@Suite("A browser signed in by cookies")
struct WebSessionTests {
    private let people: People
    private let fixture: APIFixture

    init() throws {
        people = People()
        fixture = try APIFixture(
            authenticator: AccountAuthenticator(identify: people.identify), people: people)
    }

    /// Signs somebody up, and in with a browser.
    private func enter(_ name: String) async throws -> (Browser, JSONValue) {
        let form: JSONValue = [
            "username": .string(name), "email": .string("\(name)@example.org"),
            "password": .string(People.password),
        ]
        #expect(try await fixture.send("POST", "/api/v1/auth/register", form).status == 201)
        let answer = try await fixture.send(
            "POST", "/api/v1/auth/login",
            ["username": .string(name), "password": .string(People.password), "cookies": true])
        #expect(answer.status == 200)
        var browser = Browser()
        browser.take(answer)
        return (browser, answer.json)
    }

    @Test("C56, A5: signing in with cookies hides the tokens from pages, and gives them one of their own")
    func entering() async throws {
        let (browser, grant) = try await enter("ada")
        #expect(grant["access_token"] == nil && grant["refresh_token"] == nil)
        #expect(grant["csrf_token"]?.text == browser.cookies["__Host-cutroom_csrf"])
        #expect(grant["user"]?["username"] == "ada")
        let held: Set = ["Path=/", "Secure", "SameSite=Lax"]
        #expect(
            browser.attributes["__Host-cutroom_access"] == held.union(["HttpOnly", "Max-Age=900"]))
        #expect(
            browser.attributes["__Host-cutroom_refresh"] == held.union(["HttpOnly", "Max-Age=1209600"]))
        #expect(browser.attributes["__Host-cutroom_csrf"] == held.union(["Max-Age=1209600"]))
        let me = try await fixture.send(
            "GET", "/api/v1/users/me", fields: browser.fields(showingToken: false))
        #expect(me.json["username"] == "ada")
        #expect(me.fields["Cache-Control"] == "private")
        #expect(me.fields.values(of: "Vary").contains("Cookie"))
    }

    @Test("A5: a page changes things with its token, goes on with the session, and ends it")
    func stay() async throws {
        var (browser, _) = try await enter("ada")
        let patch: JSONValue = ["first_name": "Ada"]
        let changed = try await fixture.send("PATCH", "/api/v1/users/me", patch, fields: browser.fields())
        #expect(changed.json["first_name"] == "Ada")

        let former = browser
        browser.take(try await fixture.send("POST", "/api/v1/auth/refresh", [:], fields: browser.fields()))
        #expect(browser.cookies["__Host-cutroom_refresh"] != former.cookies["__Host-cutroom_refresh"])
        #expect(browser.cookies["__Host-cutroom_csrf"] == former.cookies["__Host-cutroom_csrf"])
        let out = try await fixture.send("POST", "/api/v1/auth/logout", fields: browser.fields())
        #expect(out.status == 204)
        let last = browser.fields()
        browser.take(out)
        #expect(browser.cookies.isEmpty)
        #expect(try await fixture.send("GET", "/api/v1/users/me", fields: last).status == 401)
    }

    @Test("A5: going on with a session by its cookie needs its own CSRF token, and uses nothing up without")
    func refresh() async throws {
        let (ada, _) = try await enter("ada")
        let (bob, _) = try await enter("bob")
        for token in [nil, "x", bob.cookies["__Host-cutroom_csrf"]] {
            var fields = ada.fields()
            fields["X-CSRF-Token"] = token
            let answer = try await fixture.send("POST", "/api/v1/auth/refresh", [:], fields: fields)
            #expect(answer.status == 403 && answer.json["code"] == "csrf_refused")
        }
        #expect(
            try await fixture.send("POST", "/api/v1/auth/refresh", [:], fields: ada.fields()).status == 200)
        #expect(try await fixture.send("POST", "/api/v1/auth/refresh", [:]).status == 401)
        var foreign = ada.fields()
        foreign["Sec-Fetch-Site"] = "same-site"
        #expect(try await fixture.send("POST", "/api/v1/auth/refresh", [:], fields: foreign).status == 403)
    }

    @Test("A5: Authorization goes before cookies, and then no CSRF token is asked for")
    func precedence() async throws {
        let (ada, _) = try await enter("ada")
        _ = try await enter("bob")
        let bob = try await people.capabilities.signIn(name: "bob", password: People.password, from: .server)
        var fields = ada.fields(showingToken: false)
        fields["Authorization"] = "Bearer \(bob.accessToken)"
        let changed = try await fixture.send(
            "PATCH", "/api/v1/users/me", ["first_name": "Bob"], fields: fields)
        #expect(changed.json["username"] == "bob")
        fields["Authorization"] = "Bearer nonsense"
        #expect(try await fixture.send("GET", "/api/v1/users/me", fields: fields).status == 401)
    }

    @Test("A5: signing in with cookies is for the server's own pages")
    func foreignSignIn() async throws {
        _ = try await enter("ada")
        let form: JSONValue = ["username": "ada", "password": .string(People.password), "cookies": true]
        let answer = try await fixture.send(
            "POST", "/api/v1/auth/login", form, fields: ["Sec-Fetch-Site": "cross-site"])
        #expect(answer.status == 403 && answer.fields["Set-Cookie"] == nil)
    }

    @Test("A5: a page of another origin opens no socket with cookies, its own page and a program do")
    func sockets() async throws {
        let (ada, _) = try await enter("ada")
        let task = try await fixture.order(fields: ada.fields())
        var fields = ada.fields(showingToken: false)
        for (name, value) in [
            ("Host", "clips.example"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ] { fields[name] = value }
        for (origin, status) in [
            ("https://evil.example", 403), ("null", 403), ("https://clips.example", 101), (nil, 101),
        ] as [(String?, Int)] {
            fields["Origin"] = origin
            #expect(try await fixture.send("GET", "\(task)/ws", fields: fields).status == status)
        }
        let events = try await fixture.send(
            "GET", "\(task)/events", fields: ada.fields(showingToken: false))
        #expect(events.status == 200)
    }

    @Test(
        "cookies of which it is not clear whose they are let nobody in",
        arguments: ["twice", "many", "long", "fields", "empty", "case"])
    func unclear(kind: String) async throws {
        let (ada, _) = try await enter("ada")
        let own = "__Host-cutroom_access=\(try #require(ada.cookies["__Host-cutroom_access"]))"
        var fields: HTTPFields = [:]
        switch kind {
        case "twice": fields["Cookie"] = "\(own); __Host-cutroom_access=planted"
        case "many": fields["Cookie"] = String(repeating: "a=b; ", count: 64) + own
        case "long": fields["Cookie"] = "a=\(String(repeating: "b", count: Cookies.mostBytes)); \(own)"
        case "fields":
            fields.append("Cookie", own)
            fields.append("Cookie", "a=b")
        case "empty": fields["Cookie"] = "__Host-cutroom_access="
        default: fields["Cookie"] = own.lowercased()
        }
        #expect(try await fixture.send("GET", "/api/v1/users/me", fields: fields).status == 401)
    }

    @Test("the document tells of the cookie")
    func document() throws {
        let scheme = fixture.document.document["components"]?["securitySchemes"]?["cookie"]
        #expect(scheme?["in"] == "cookie" && scheme?["name"] == "__Host-cutroom_access")
    }
}

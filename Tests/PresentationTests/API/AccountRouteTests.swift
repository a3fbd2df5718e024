import Application
import Domain
import Presentation
import Testing

@Suite("People over HTTP")
struct AccountRouteTests {
    private let people: People
    private let fixture: APIFixture

    init() throws {
        people = People()
        fixture = try APIFixture(
            authenticator: AccountAuthenticator(identify: people.identify), people: people)
    }

    private func bearer(_ token: String) -> HTTPFields { ["Authorization": "Bearer \(token)"] }

    /// Signs somebody up and in; returns what the session gave out.
    private func join(_ name: String) async throws -> JSONValue {
        let form: JSONValue = [
            "username": .string(name), "email": .string("\(name)@example.org"),
            "password": .string(People.password),
        ]
        #expect(try await fixture.send("POST", "/api/v1/auth/register", form).status == 201)
        let answer = try await fixture.send(
            "POST", "/api/v1/auth/login",
            ["username": .string(name), "password": .string(People.password)])
        #expect(answer.status == 200)
        #expect(answer.fields["Cache-Control"] == "no-store")
        return answer.json
    }

    private func fields(_ grant: JSONValue) throws -> HTTPFields {
        bearer(try #require(grant["access_token"]?.text))
    }

    @Test("A4, A5: one signs up, in, goes on and out, in the words of OAuth")
    func session() async throws {
        let grant = try await join("ada")
        #expect(grant["token_type"] == "Bearer" && grant["expires_in"] == 900)
        #expect(grant["user"]?["email"] == "ada@example.org")
        var fields = try fields(grant)
        let me = try await fixture.send("GET", "/api/v1/users/me", fields: fields)
        #expect(me.json["username"] == "ada" && me.json["email_verified"] == false)
        let refresh: JSONValue = ["refresh_token": try #require(grant["refresh_token"])]
        let next = try await fixture.send("POST", "/api/v1/auth/refresh", refresh)
        #expect(next.status == 200)
        #expect(try await fixture.send("POST", "/api/v1/auth/refresh", refresh).status == 200)
        fixture.clock.advance(by: Session.repetitionGrace)
        let reused = try await fixture.send("POST", "/api/v1/auth/refresh", refresh)
        #expect(reused.status == 401)
        #expect(try await fixture.send("GET", "/api/v1/users/me", fields: fields).status == 401)
        let again = try await fixture.send(
            "POST", "/api/v1/auth/login",
            ["username": "ADA@example.org", "password": .string(People.password)])
        fields = try self.fields(again.json)
        #expect(try await fixture.send("POST", "/api/v1/auth/logout", fields: fields).status == 204)
        #expect(try await fixture.send("GET", "/api/v1/users/me", fields: fields).status == 401)
    }

    @Test(
        "A17: what is refused says so by its code, and where",
        arguments: [
            ("username", "a", 422, "validation_failed"), ("email", "nowhere", 422, "validation_failed"),
            ("password", "password", 422, "password_refused"), ("username", "ADA", 409, "username_taken"),
            ("email", "ADA@example.org", 409, "email_taken"),
            ("time_zone", "Mars/Olympus", 422, "validation_failed"),
            ("invitation", "cri_0", 422, "code_refused"),
        ])
    func refusals(field: String, text: String, status: Int, code: String) async throws {
        _ = try await join("ada")
        var form = JSONObject([
            ("username", "bob"), ("email", "bob@example.org"), ("password", .string(People.password)),
        ])
        form[field] = .string(text)
        let answer = try await fixture.send("POST", "/api/v1/auth/register", .object(form))
        #expect(answer.status == status && answer.json["code"] == .string(code))
        if code == "validation_failed" { #expect(answer.faults.first?.hasPrefix("/\(field) ") == true) }
    }

    @Test("a wrong password and an unknown name get the same answer, and too many are told to wait")
    func wrong() async throws {
        _ = try await join("ada")
        func attempt(_ name: String) async throws -> APIFixture.Answer {
            try await fixture.send(
                "POST", "/api/v1/auth/login", ["username": .string(name), "password": "wrong password"])
        }
        let wrong = try await attempt("ada")
        let unknown = try await attempt("nobody")
        #expect(wrong.status == 401 && unknown.status == 401)
        #expect(wrong.json["code"] == "sign_in_wrong" && wrong.json["detail"] == unknown.json["detail"])
        for _ in 1...3 { _ = try await attempt("ada") }
        let throttled = try await attempt("ada")
        #expect(throttled.status == 429 && throttled.fields["Retry-After"] == "1")
    }

    @Test("a server that takes nobody says so")
    func closed() async throws {
        let people = People(policy: .closed)
        let fixture = try APIFixture(
            authenticator: AccountAuthenticator(identify: people.identify), people: people)
        let answer = try await fixture.send(
            "POST", "/api/v1/auth/register",
            ["username": "ada", "email": "ada@example.org", "password": .string(People.password)])
        #expect(answer.status == 403 && answer.json["code"] == "sign_up_refused")
    }

    @Test("codes that were mailed confirm an address and give another password")
    func codes() async throws {
        let fields = try fields(try await join("ada"))
        for email in ["ada@example.org", "nobody@example.org"] {
            let answer = try await fixture.send(
                "POST", "/api/v1/auth/password/forgot", ["email": .string(email)])
            #expect(answer.status == 204)
        }
        let codes = await people.codes()
        try #require(codes.count == 2)
        let verified = try await fixture.send(
            "POST", "/api/v1/auth/email/verify", ["token": .string(codes[0])])
        #expect(verified.status == 204)
        #expect(
            try await fixture.send("GET", "/api/v1/users/me", fields: fields).json["email_verified"] == true)
        let reset: JSONValue = ["token": .string(codes[1]), "new_password": "quite another one"]
        #expect(try await fixture.send("POST", "/api/v1/auth/password/reset", reset).status == 204)
        let again = try await fixture.send("POST", "/api/v1/auth/password/reset", reset)
        #expect(again.status == 422 && again.json["code"] == "code_refused")
        #expect(try await fixture.send("GET", "/api/v1/users/me", fields: fields).status == 401)
    }

    @Test(
        "A7: a profile is patched: what is missing stays, null takes away, another address needs the password"
    )
    func profile() async throws {
        let fields = try fields(try await join("ada"))
        func patch(_ body: JSONValue) async throws -> APIFixture.Answer {
            try await fixture.send("PATCH", "/api/v1/users/me", body, fields: fields)
        }
        #expect(try await patch(["first_name": "Ada", "last_name": "King"]).json["last_name"] == "King")
        let named = try await patch(["last_name": nil])
        #expect(named.json["first_name"] == "Ada" && named.json["last_name"] == JSONValue.null)
        #expect(try await patch(["username": nil]).status == 422)
        let unconfirmed = try await patch(["email": "king@example.org"])
        #expect(unconfirmed.faults == ["/password required"])
        let moved = try await patch(["email": "King@example.org", "password": .string(People.password)])
        #expect(moved.json["email"] == "king@example.org")
        let change: JSONValue = [
            "current_password": .string(People.password), "new_password": "quite another one",
        ]
        #expect(
            try await fixture.send("POST", "/api/v1/auth/password", change, fields: fields).status == 204)
        let stay = try await fixture.send(
            "DELETE", "/api/v1/users/me", ["password": .string(People.password)], fields: fields)
        #expect(stay.status == 401)
        let gone = try await fixture.send(
            "DELETE", "/api/v1/users/me", ["password": "quite another one"], fields: fields)
        #expect(gone.status == 204)
        #expect(try await fixture.send("GET", "/api/v1/users/me", fields: fields).status == 401)
    }

    @Test("A6: a key is shown once, works at once, and is its owner's alone")
    func keys() async throws {
        let ada = try fields(try await join("ada"))
        let bob = try fields(try await join("bob"))
        let issued = try await fixture.send(
            "POST", "/api/v1/api-keys",
            ["name": "ci", "scopes": ["account:read"], "expires_in_days": 1], fields: ada)
        #expect(issued.status == 201 && issued.fields["Cache-Control"] == "no-store")
        let key = try #require(issued.json["key"]?.text)
        let program = bearer(key)
        #expect(try await fixture.send("GET", "/api/v1/users/me", fields: program).json["username"] == "ada")
        #expect(try await fixture.send("GET", "/api/v1/api-keys", fields: program).status == 403)
        let list = try await fixture.send("GET", "/api/v1/api-keys", fields: ada)
        #expect(list.json.elements?.first?["scopes"] == ["account:read"])
        #expect(list.json.elements?.first?["key"] == nil)
        let address = "/api/v1/api-keys/\(try #require(issued.json["id"]?.text))"
        #expect(try await fixture.send("DELETE", address, fields: bob).status == 404)
        #expect(try await fixture.send("PATCH", address, ["name": "x"], fields: bob).status == 404)
        #expect(try await fixture.send("PATCH", address, ["name": "x"], fields: ada).json["name"] == "x")
        #expect(try await fixture.send("DELETE", address, fields: ada).status == 204)
        #expect(try await fixture.send("GET", "/api/v1/users/me", fields: program).status == 401)
        let refused = try await fixture.send(
            "POST", "/api/v1/api-keys", ["name": "ci", "scopes": ["admin"]], fields: ada)
        #expect(refused.status == 422 && refused.json["code"] == "api_key_scope")
    }

    @Test("credits are shown with their entries in pages, and what the plan leaves")
    func credits() async throws {
        let grant = try await join("ada")
        let fields = try fields(grant)
        let user: Identifier<User> = try #require(Identifier(grant["user"]?["id"]?.text ?? ""))
        let now = people.clock.now()
        try await people.store.write { writer in
            var ledger = try writer.credits.ledger(of: user)
            let entry = try ledger.adjust(by: -3, because: "a mistake", at: now)
            try writer.creditWriter.append([entry], leadingTo: ledger)
        }
        let first = try await fixture.send("GET", "/api/v1/users/me/credits?limit=1", fields: fields).json
        #expect(first["available"] == 7 && first["monthly"] == 7 && first["bought"] == 0)
        #expect(first["entries"]?["items"]?.elements?.first?["reason"] == "a mistake")
        let cursor = try #require(first["entries"]?["next_cursor"]?.text)
        let rest = try await fixture.send(
            "GET", "/api/v1/users/me/credits?cursor=\(cursor)", fields: fields
        ).json
        #expect(rest["entries"]?["items"]?.elements?.map { $0["number"] } == [1])
        #expect(rest["entries"]?["next_cursor"] == JSONValue.null)
        let usage = try await fixture.send("GET", "/api/v1/users/me/usage", fields: fields).json
        #expect(usage["tier"] == "free" && usage["tasks_left_today"] == 3 && usage["tasks_at_once"] == 1)
    }

    @Test("sessions are listed and ended, by their owner alone")
    func sessions() async throws {
        let ada = try await join("ada")
        let bob = try await join("bob")
        let list = try await fixture.send("GET", "/api/v1/users/me/sessions", fields: fields(ada)).json
        #expect(list.elements?.map { $0["current"] } == [true])
        let address = "/api/v1/users/me/sessions/\(try #require(ada["session_id"]?.text))"
        #expect(try await fixture.send("DELETE", address, fields: fields(bob)).status == 404)
        #expect(try await fixture.send("DELETE", address, fields: fields(ada)).status == 204)
        #expect(try await fixture.send("GET", "/api/v1/users/me", fields: fields(ada)).status == 401)
    }

    @Test(
        "who shows nothing, or nothing good, is told how to",
        arguments: [
            nil, "Basic YTpi", "Bearer", "Bearer nonsense", "Bearer cr_00", "bearer access-1",
        ])
    func nobody(field: String?) async throws {
        let answer = try await fixture.send(
            "GET", "/api/v1/users/me", fields: field.map { ["Authorization": $0] } ?? [:])
        #expect(answer.status == 401)
        #expect(answer.fields["WWW-Authenticate"]?.hasPrefix("Bearer ") == true)
    }
}

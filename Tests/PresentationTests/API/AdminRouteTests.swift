import Application
import Domain
import Presentation
import Testing

@Suite("Looking after users over HTTP")
struct AdminRouteTests {
    @Test("A61: users are found, listed in pages, seen with what is theirs, changed and removed")
    func users() async throws {
        let world = try await Administration()
        let all = try await world.call("GET", "/users?limit=1").json
        #expect(all["items"]?.elements?.map { $0["username"] } == ["ada"])
        let cursor = try #require(all["next_cursor"]?.text)
        let rest = try await world.call("GET", "/users?cursor=\(cursor)").json
        #expect(rest["items"]?.elements?.map { $0["username"] } == ["grace"])
        #expect(try await world.call("GET", "/users?q=GRA").json["items"]?.elements?.count == 1)
        let user = "/users/\(world.adaID)"
        let details = try await world.call("GET", user).json
        #expect(details["user"]?["email"] == "ada@example.org" && details["credits"]?["available"] == 10)
        #expect(details["sessions"]?.elements?.count == 1 && details["api_keys"] == [])
        let changed = try await world.call(
            "PATCH", user, ["first_name": "Ada", "role": "admin", "email": "countess@example.org"])
        #expect(changed.json["role"] == "admin" && changed.json["email"] == "countess@example.org")
        #expect(try await world.call("PATCH", user, ["username": "grace"]).json["code"] == "username_taken")
        #expect(try await world.call("PATCH", user, ["username": "a b c"]).faults == ["/username bad_format"])
        #expect(try await world.call("DELETE", user).status == 204)
        #expect(try await world.call("DELETE", user).status == 409)
        let gone = try await world.call("GET", user).json["user"]
        #expect(gone?["state"] == "deleted" && gone?["email"] == JSONValue.null)
        let missing = "/users/01890000-0000-7000-8000-000000000000"
        for (method, path) in [("GET", missing), ("DELETE", missing), ("POST", "\(missing)/activate")] {
            #expect(try await world.call(method, path).status == 404)
        }
    }

    @Test("A8: a user is suspended for a reason and a time, let in again, switched off and on")
    func standing() async throws {
        let world = try await Administration()
        let user = "/users/\(world.adaID)"
        let end = world.people.clock.now() + .seconds(3600)
        let until = JSONValue.string(end.rfc3339)
        let suspended = try await world.call("POST", "\(user)/suspend", ["reason": "spam", "until": until])
        #expect(suspended.json["state"] == "suspended")
        #expect(suspended.json["suspension"]?["reason"] == "spam")
        #expect(suspended.json["suspension"]?["until"] == until)
        #expect(try await world.fixture.send("GET", "/api/v1/users/me", fields: world.ada).status == 401)
        let login: JSONValue = ["username": "ada", "password": .string(People.password)]
        let refused = try await world.fixture.send("POST", "/api/v1/auth/login", login)
        #expect(refused.status == 403 && refused.json["code"] == "user_closed")
        // It is about the user, not about who calls.
        let tier = try await world.call("PUT", "\(user)/tier", ["tier": "premium"])
        #expect(tier.status == 409 && tier.json["code"] == "conflict")
        #expect(try await world.call("POST", "\(user)/unsuspend").json["suspension"] == JSONValue.null)
        #expect(try await world.call("POST", "\(user)/unsuspend").status == 409)
        #expect(try await world.call("POST", "\(user)/deactivate").json["state"] == "inactive")
        #expect(try await world.fixture.send("POST", "/api/v1/auth/login", login).status == 403)
        #expect(try await world.call("POST", "\(user)/activate").json["state"] == "active")
        #expect(try await world.fixture.send("POST", "/api/v1/auth/login", login).status == 200)
        #expect(
            try await world.call("POST", "\(user)/suspend", ["reason": " "]).faults == ["/reason bad_format"])
        let past = try await world.call(
            "POST", "\(user)/suspend", ["reason": "spam", "until": "2001-01-01T00:00:00Z"])
        #expect(past.faults == ["/until out_of_range"])
        let last = try await world.call("POST", "/users/\(world.graceID)/suspend", ["reason": "spam"])
        #expect(last.status == 409)
    }

    @Test(
        "moments are read as RFC 3339 writes them, with any offset, and as nothing else",
        arguments: [
            ("2026-11-21T19:00:00Z", "2026-11-21T19:00:00.000Z"),
            ("2026-11-21t19:00:00.2569z", "2026-11-21T19:00:00.256Z"),
            ("2028-02-29T23:30:00-01:30", "2028-03-01T01:00:00.000Z"),
            ("2100-03-01T00:15:00+00:30", "2100-02-28T23:45:00.000Z"),
            ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00.000Z"), ("9999-12-31T23:59:59.999Z", nil),
            ("2026-02-29T00:00:00Z", ""), ("2026-13-01T00:00:00Z", ""), ("2026-11-21T24:00:00Z", ""),
            ("2026-11-21T19:00:00", ""), ("2026-11-21 19:00:00Z", ""), ("2026-11-21T19:00:00.Z", ""),
            ("2026-11-21T19:00:00+0100", ""), ("26-11-21T19:00:00Z", ""), ("2026-11-21T19:00:00Zx", ""),
            ("", ""),
        ] as [(String, String?)])
    func moments(text: String, shown: String?) async throws {
        let world = try await Administration()
        let answer = try await world.call(
            "POST", "/users/\(world.adaID)/suspend", ["reason": "spam", "until": .string(text)])
        guard shown != "" else {
            #expect(answer.faults == ["/until bad_format"])
            return
        }
        #expect(answer.json["suspension"]?["until"] == .string(shown ?? text))
    }

    @Test("A10, A61: a user changes plans and is given credits, or some are taken away")
    func credits() async throws {
        let world = try await Administration()
        let user = "/users/\(world.adaID)"
        #expect(try await world.call("PUT", "\(user)/tier", ["tier": "premium"]).json["tier"] == "premium")
        let given = try await world.call("POST", "\(user)/credits", ["amount": 5, "reason": "a present"])
        #expect(given.json["available"] == 105 && given.json["bought"] == 5)
        let taken = try await world.call("POST", "\(user)/credits", ["amount": -100, "reason": "a mistake"])
        #expect(taken.json["available"] == 5)
        let over = try await world.call("POST", "\(user)/credits", ["amount": -6, "reason": "greed"])
        #expect(over.status == 409 && over.json["code"] == "conflict")
        let nothing = try await world.call("POST", "\(user)/credits", ["amount": 0, "reason": "x"])
        #expect(nothing.faults == ["/amount out_of_range"])
        #expect(try await world.call("PUT", "\(user)/tier", ["tier": "none"]).status == 404)
        #expect(try await world.call("PUT", "\(user)/tier", ["tier": "No!"]).faults == ["/tier bad_format"])
        let own = try await world.fixture.send("GET", "/api/v1/users/me/credits", fields: world.ada).json
        #expect(own["available"] == 5)
        #expect(own["entries"]?["items"]?.elements?.first?["reason"] == "a mistake")
        let stats = try await world.call("GET", "/stats").json
        #expect(stats["users"]?["active"] == 2 && stats["credits"]?["adjusted"] == -95)
        #expect(stats["tiers"]?.elements?.map { $0["tier"] } == ["free", "premium"])
        #expect(stats["credits"]?["granted"] == 110 && stats["credits"]?["held"] == 0)
    }

    @Test("A9, A61: plans are added and changed, and hold for those who are on them")
    func tiers() async throws {
        let world = try await Administration()
        let gold: JSONValue = [
            "monthly_credits": 500, "longest_source_seconds": 600, "tasks_at_once": 5,
            "storage_bytes": 1_000_000,
        ]
        let made = try await world.call("PUT", "/tiers/gold", gold)
        #expect(made.status == 201 && made.json["tasks_per_day"] == JSONValue.null)
        #expect(made.json["priority"] == .integer(Int64(Job.ordinaryPriority)))
        #expect(try await world.call("PUT", "/tiers/gold", gold).status == 200)
        let list = try await world.call("GET", "/tiers").json
        #expect(list.elements?.map { $0["name"] } == ["free", "gold", "premium"])
        #expect(try await world.call("GET", "/tiers/gold").json["longest_source_seconds"] == 600)
        #expect(try await world.call("GET", "/tiers/none").status == 404)
        #expect(try await world.call("PUT", "/tiers/No!", gold).status == 404)
        let user = "/users/\(world.adaID)"
        #expect(try await world.call("PUT", "\(user)/tier", ["tier": "gold"]).json["tier"] == "gold")
        #expect(try await world.call("GET", user).json["credits"]?["available"] == 500)
        let wrong = try await world.call(
            "PUT", "/tiers/gold", ["monthly_credits": -1, "tasks_at_once": 0, "storage_bytes": 0])
        #expect(wrong.faults.count == 3)
    }
}

import Application
import Domain
import Presentation
import Testing

@Suite("Looking at abuse")
struct SecurityAPITests {
    private static let root = "/api/v1/operations/security"
    private static let stranger = PeerAddress.v4(0xCB00_7109)
    private static let attack = "/api/v1/tasks?cursor=1%27%20or%20%271%27=%271"

    private func attacked(_ times: Int, mode: ThreatMode = .block) async throws -> APIFixture {
        let fixture = try APIFixture(threats: mode)
        for _ in 0..<times {
            try await fixture.send(
                "GET", Self.attack, fields: ["User-Agent": "=cmd|'/C calc'!A0"], from: Self.stranger)
        }
        return fixture
    }

    @Test("O44: an attacker is banned before anything else is looked at, and told nothing of why")
    func banned() async throws {
        let fixture = try await attacked(3)
        let answer = try await fixture.send("GET", "/health/live", from: Self.stranger)
        #expect(answer.status == 403)
        #expect(answer.json["code"] == "request_refused")
        for word in ["ban", "sql", "attack", "threat", "rule", "score"] {
            #expect(!answer.body.text.lowercased().contains(word), "\(word)")
        }
        #expect(try await fixture.send("GET", "/health/live", from: .v4(0xCB00_710A)).status == 200)
        #expect(try await fixture.send("GET", "/health/live").status == 200)
    }

    @Test("O44: a proxy that is trusted is never banned, and who comes by it is told apart by true address")
    func proxied() async throws {
        let proxy = PeerAddress.v4(0x0A00_0001)
        let fixture = try APIFixture(
            proxies: [try #require(AddressRange("10.0.0.0/8"))], threats: .block)
        for _ in 0..<4 {
            try await fixture.send(
                "GET", Self.attack, fields: ["X-Forwarded-For": "192.0.2.1, 203.0.113.9"], from: proxy)
        }
        func status(of client: String) async throws -> Int {
            try await fixture.send(
                "GET", "/health/live", fields: ["X-Forwarded-For": client], from: proxy
            ).status
        }
        #expect(try await status(of: "203.0.113.9") == 403)
        // What a client writes about itself bans nobody else.
        #expect(try await status(of: "192.0.2.1") == 200)
        #expect(try await status(of: "203.0.113.10") == 200)
    }

    @Test("O44: who only watches bans nobody by itself")
    func monitor() async throws {
        let fixture = try await attacked(20, mode: .monitor)
        #expect(try await fixture.send("GET", "/health/live", from: Self.stranger).status == 200)
        let events = try await fixture.send("GET", "\(Self.root)/events").json["items"]?.elements
        #expect(events?.first?["action_taken"] == "served")
        #expect(events?.first?["event_type"] == "sql_injection")
        #expect(events?.first?["client_ip"] == "203.0.113.9")
    }

    @Test("O47: numbers, analysis and one address say what happened")
    func reports() async throws {
        let fixture = try await attacked(3)
        let metrics = try await fixture.send("GET", "\(Self.root)/metrics").json
        #expect(metrics["total_events"] == 4)
        #expect(metrics["events_by_type"]?["sql_injection"] == 3)
        #expect(metrics["blocked_requests"] == 4 && metrics["active_clients"] == 1)
        #expect(metrics["threat_detection_success_rate"] == JSONValue.null)
        let analysis = try await fixture.send("GET", "\(Self.root)/threat-analysis?hours=2").json
        #expect(analysis["period_hours"] == 2)
        #expect(analysis["attack_vectors"]?.elements?.first?["type"] == "sql_injection")
        let top = analysis["threat_patterns"]?["top_addresses"]?.elements?.first
        #expect(top?["value"] == "203.0.113.9" && top?["count"] == 4)
        #expect((analysis["risk_score"]?.number ?? 0) > 10)
        let address = try await fixture.send("GET", "\(Self.root)/ip-analysis/203.0.113.9").json
        #expect(address["total_events"] == 4 && address["ban"]?["strikes"] == 1)
        #expect(address["timeline"]?.elements?.count == 4)
        let text = try await fixture.send("GET", "/metrics").body.text
        #expect(text.contains("cutroom_security_events_total{type=\"sql_injection\"} 3\n"))
        #expect(text.contains("cutroom_bans 1\n"))
        let nobody = try await fixture.send("GET", "\(Self.root)/ip-analysis/198.51.100.1").json
        #expect(nobody["total_events"] == 0 && nobody["threat_score"]?.number == 0)
        #expect(try await fixture.send("GET", "\(Self.root)/ip-analysis/nobody").status == 404)
    }

    @Test("O47: events go out as JSON and CSV, in which no spreadsheet finds a formula; it is audited")
    func export() async throws {
        let fixture = try await attacked(1)
        let json = try await fixture.send("GET", "\(Self.root)/events/export?format=json")
        #expect(json.json.elements?.count == 1)
        let csv = try await fixture.send("GET", "\(Self.root)/events/export?format=csv")
        #expect(csv.fields["Content-Type"] == "text/csv; charset=utf-8")
        #expect(csv.body.text.contains(",'=cmd|'/C calc'!A0,"))
        #expect(csv.body.text.split(separator: "\r\n").count == 2)
        let trail = try fixture.store.read { try $0.audit.page(AuditFilter(), limit: 9, before: nil).items }
        #expect(trail.map(\.action) == [.securityEventsExported, .securityEventsExported])
    }

    @Test("O47, O48: events are filtered by kind, level, address and time")
    func filters() async throws {
        let fixture = try await attacked(1)
        try await fixture.send(
            "GET", "/../../etc/passwd", from: .v4(0xC633_6401))
        func count(_ query: String) async throws -> Int? {
            try await fixture.send("GET", "\(Self.root)/events?\(query)").json["items"]?.elements?.count
        }
        #expect(try await count("limit=9") == 2)
        #expect(try await count("event_type=path_traversal") == 1)
        #expect(try await count("threat_level=critical") == 1)
        #expect(try await count("ip=198.51.100.1") == 1)
        #expect(try await count("since=2200-01-01T00:00:00Z") == 0)
        #expect(try await fixture.send("GET", "\(Self.root)/events?ip=x").status == 422)
    }

    @Test("O48: the stream tells what is seen as it is seen")
    func stream() async throws {
        let fixture = try APIFixture(threats: .monitor)
        let answer = try await fixture.send("GET", "\(Self.root)/events/stream")
        guard case .events(let channel) = answer.body else {
            Issue.record("no stream")
            return
        }
        try await fixture.send("GET", Self.attack, from: Self.stranger)
        var buffer = [UInt8](repeating: 0, count: 4096)
        let portion = buffer.withUnsafeMutableBytes { channel.read(into: $0) }
        guard case .bytes(let count) = portion else {
            Issue.record("nothing was told")
            return
        }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        #expect(text.hasPrefix("event: security\nid: 1\ndata: {") && text.contains("sql_injection"))
        channel.close()
    }

    @Test("O44, O48: bans and allowed addresses are set, listed and taken back, and audited")
    func lists() async throws {
        let fixture = try APIFixture()
        let ban = try await fixture.send(
            "POST", "\(Self.root)/bans",
            ["address": "203.0.113.9", "reason": "tries passwords", "duration_s": 60])
        #expect(ban.status == 201 && ban.json["automatic"] == false)
        #expect(try await fixture.send("GET", "/", from: Self.stranger).status == 403)
        let listed = try await fixture.send("GET", "\(Self.root)/bans").json["items"]?.elements
        #expect(listed?.first?["reason"] == "tries passwords")
        #expect(try await fixture.send("DELETE", "\(Self.root)/bans/203.0.113.9").status == 204)
        #expect(try await fixture.send("DELETE", "\(Self.root)/bans/203.0.113.9").status == 404)
        #expect(try await fixture.send("GET", "/", from: Self.stranger).status == 200)
        let allowed: JSONValue = ["address": "203.0.113.0/24", "reason": "a customer"]
        #expect(try await fixture.send("POST", "\(Self.root)/allow", allowed).status == 201)
        let refused = try await fixture.send(
            "POST", "\(Self.root)/bans", ["address": "203.0.113.9", "reason": "x"])
        #expect(refused.status == 409)
        #expect(
            try await fixture.send("GET", "\(Self.root)/allow").json["items"]?.elements?.first?["address"]
                == "203.0.113.0/24")
        #expect(try await fixture.send("DELETE", "\(Self.root)/allow/203.0.113.0%2F24").status == 204)
        let trail = try fixture.store.read { try $0.audit.page(AuditFilter(), limit: 9, before: nil).items }
        #expect(
            Set(trail.map(\.action)) == [.addressBanned, .banLifted, .addressAllowed, .addressDisallowed])
    }

    @Test(
        "O48: what cannot be banned is refused with the place that is at fault",
        arguments: [
            (["address": "nobody", "reason": "y"], "/address bad_format"),
            (["address": "203.0.113.9", "reason": ""], "/reason out_of_range"),
            (["address": "203.0.113.9", "reason": "x", "duration_s": 0], "/duration_s out_of_range"),
        ] as [(JSONValue, String)])
    func badBans(body: JSONValue, fault: String) async throws {
        let answer = try await APIFixture().send("POST", "\(Self.root)/bans", body)
        #expect(answer.status == 422 && answer.faults == [fault])
    }

    @Test(
        "O47: what happens at the edge beside attacks is an event: tokens, scopes, hosts, origins, passwords")
    func refusals() async throws {
        let world = try await Administration()
        let fixture = world.fixture
        try await fixture.send("GET", "/api/v1/tasks", fields: ["Authorization": "Bearer nothing"])
        try await fixture.send("GET", "/api/v1/admin/audit", fields: world.ada)
        try await fixture.send(
            "POST", "/api/v1/auth/login", ["username": "ada", "password": "not hers at all"])
        var foreign = world.ada
        foreign["Origin"] = "https://evil.example"
        try await fixture.send("POST", "/api/v1/auth/logout", fields: foreign)
        let request = HTTPRequest("GET", path: "/", peer: Self.stranger)
        _ = fixture.api.service.refusal(request, .misdirectedRequest, "misdirected_request", "No.")
        // Who has only not signed in yet is no event.
        try await fixture.send("GET", "/api/v1/tasks")
        let kinds = fixture.watch.events().map(\.kind)
        #expect(
            kinds == [
                .authenticationFailure, .authorizationViolation, .authenticationFailure,
                .authorizationViolation, .suspiciousActivity,
            ])
    }

    @Test("O48: the page loads nothing from elsewhere, and is for administrators")
    func dashboard() async throws {
        let page = try await APIFixture().send("GET", "\(Self.root)/dashboard")
        #expect(page.fields["Content-Type"] == "text/html; charset=utf-8")
        let policy = try #require(page.fields["Content-Security-Policy"])
        #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'sha256-"))
        #expect(!policy.contains("unsafe") && !page.body.text.contains("innerHTML"))
        #expect(!page.body.text.contains("http://") && !page.body.text.contains("https://"))
        let world = try await Administration()
        #expect(
            try await world.fixture.send("GET", "\(Self.root)/dashboard", fields: world.ada).status == 403)
        #expect(try await world.fixture.send("GET", "\(Self.root)/dashboard").status == 401)
    }

    @Test("O49: the self-test finds the attacks of its corpus and takes nothing ordinary for one")
    func selfTest() async throws {
        let trial = ThreatTrial()
        #expect(trial.attacks >= 50 && trial.ordinary >= 50)
        #expect(trial.isPassed, "\(trial.missed) \(trial.mistaken)")
        let fixture = try APIFixture()
        let verdict = try await fixture.send("POST", "\(Self.root)/selftest").json
        #expect(verdict["verdict"] == "passed" && verdict["false_positive_rate"]?.number == 0)
        #expect(verdict["parts"]?.elements?.first?["name"] == "store")
        let metrics = try await fixture.send("GET", "\(Self.root)/metrics").json
        #expect((metrics["threat_detection_success_rate"]?.number ?? 0) >= ThreatTrial.leastDetection)
    }

    @Test("O49: a screen that sees nothing, or attacks everywhere, does not pass")
    func broken() {
        let blind = ThreatTrial { _ in false }
        #expect(!blind.isPassed && blind.detectionRate == 0 && blind.missed.count == blind.attacks)
        let jumpy = ThreatTrial { _ in true }
        #expect(!jumpy.isPassed && jumpy.falsePositiveRate == 1)
    }
}

import Application
import Domain
import Presentation
import Testing

@Suite("Health over HTTP")
struct HealthAPITests {
    private func fixture(strangers: Bool = false) throws -> APIFixture {
        strangers ? try APIFixture(authenticator: VisitorAuthenticator()) : try APIFixture()
    }

    private func tell(_ fixture: APIFixture, _ name: String, _ level: HealthLevel, essential: Bool = false) {
        fixture.monitor.note(
            ComponentHealth(
                name: name, level: level, detail: "it was seen", isEssential: essential,
                measurements: [HealthMeasurement("free_bytes", 4096, .bytes)]))
    }

    @Test("O37, C66: the whole tells its parts by the names that clients know, old and new")
    func whole() async throws {
        let fixture = try fixture()
        tell(fixture, "chat", .degraded)
        let answer = try await fixture.send("GET", "/health")
        #expect(answer.status == 200)
        #expect(answer.fields["Cache-Control"] == "no-store")
        let json = answer.json
        #expect(json["status"] == "degraded" && json["system_status"] == "degraded")
        #expect(json["checked_at"] == json["timestamp"] && json["timestamp"] != nil)
        #expect(json["components"]?.elements?.map { $0["name"] } == ["store", "chat"])
        #expect(json["total_services"] == 2 && json["healthy_services"] == 1)
        #expect(json["degraded_services"] == 1 && json["unhealthy_services"] == 0)
        #expect(json["services"]?["chat"]?["status"] == "degraded")
        #expect(json["services"]?["chat"]?["warnings"] == ["it was seen"])
        #expect(json["services"]?["chat"]?["errors"] == [])
        #expect(json["root_causes"] == ["chat"])
        #expect(json["components"]?.elements?.last?["measurements"] == nil)
        let verbose = try await fixture.send("GET", "/health?verbose").json
        #expect(verbose["components"]?.elements?.last?["measurements"]?["free_bytes"] == 4096)
        #expect(try await fixture.send("GET", "/health?verbose=perhaps").status == 422)
    }

    @Test("O36, A58: only what cannot work is answered 503, and a part that is not critical is not the whole")
    func codes() async throws {
        let fixture = try fixture()
        tell(fixture, "chat", .unhealthy)
        #expect(try await fixture.send("GET", "/health").status == 200)
        #expect(try await fixture.send("GET", "/health/service/chat").status == 503)
        #expect(try await fixture.send("GET", "/health/ready").json["status"] == "ready")
        tell(fixture, "store", .unhealthy, essential: true)
        for path in ["/health", "/health/ready", "/health/groups/ready", "/health/service/store"] {
            for method in ["GET", "HEAD"] {
                #expect(try await fixture.send(method, path).status == 503, "\(method) \(path)")
            }
        }
        let ready = try await fixture.send("GET", "/health/ready?verbose=true").json
        #expect(ready["status"] == "unavailable" && ready["failing"] == ["store"])
        #expect(ready["checks"]?.elements?.count == 2)
        // The process is not restarted because of what it needs.
        #expect(try await fixture.send("GET", "/health/live").status == 200)
        #expect(try await fixture.send("GET", "/health/groups/live").status == 200)
        #expect(try await fixture.send("GET", "/health/startup").status == 200)
    }

    @Test("O36: a server has not started before everything critical was looked at")
    func startup() async throws {
        let fixture = try APIFixture(isStarted: false)
        for path in ["/health/startup", "/health/ready", "/health/groups/startup"] {
            #expect(try await fixture.send("GET", path).status == 503, "\(path)")
        }
        #expect(try await fixture.send("GET", "/health/startup").json["status"] == "starting")
        // Of nothing nobody knows that it is well.
        let nothing = try await fixture.send("GET", "/health").json
        #expect(nothing["status"] == "unknown" && nothing["total_services"] == 0)
        tell(fixture, "store", .healthy, essential: true)
        #expect(try await fixture.send("GET", "/health/startup").json["status"] == "started")
    }

    @Test(
        "O37: what is not there is 404, not an empty answer",
        arguments: ["service/nobody", "cache/nobody", "dependencies/nobody", "groups/nobody", "service/NO"])
    func unknown(path: String) async throws {
        #expect(try await fixture().send("GET", "/health/\(path)").status == 404)
    }

    @Test("O8, O37: each part tells how it is, what it needs and what was found last")
    func parts() async throws {
        let fixture = try fixture()
        let service = try await fixture.send("GET", "/health/service/store").json
        #expect(service["service_name"] == "store" && service["status"] == "healthy")
        for name in [
            "timestamp", "response_time", "details", "dependencies", "errors", "warnings", "metrics",
        ] {
            #expect(service[name] != nil, "\(name)")
        }
        let services = try await fixture.send("GET", "/health/services").json
        #expect(services["services"]?["store"]?["status"] == "healthy" && services["total_services"] == 1)
        let cached = try await fixture.send("GET", "/health/cache/store").json
        #expect(cached["cached"] == true && cached["data"]?["status"] == "healthy")
        let metrics = try await fixture.send("GET", "/health/metrics").json
        #expect(metrics["system_metrics"]?["system_status"] == "healthy")
        #expect(metrics["performance_metrics"]?["cache_hit_rate"] == 1)
        #expect(metrics["service_metrics"]?["store"]?["error_count"] == 0)
        let status = try await fixture.send("GET", "/health/status").json
        #expect(status["system_status"] == "stopped")
        #expect(status["configuration"]?.object?.members.count == 8)
        #expect(status["cache_status"]?["cached_services"] == ["store"])
        #expect(status["history_status"]?["total_history_entries"] == 1)
        let forecasts = try await fixture.send("GET", "/health/predictive").json
        #expect(forecasts["predictive_alerts"] == [:] && forecasts["total_alerts"] == 0)
        #expect(forecasts["alert_summary"]?["degrading_trends"] == 0)
    }

    @Test("O37, O55: what a part needs is told with its level, and what nobody looks at is unknown")
    func dependencies() async throws {
        let fixture = try fixture()
        struct Well: HealthProbe {
            func check() async -> ComponentHealth {
                ComponentHealth(name: "queue", level: .healthy, detail: "", isEssential: false)
            }
        }
        let names = ["queue", "store", "disk"].compactMap { ComponentName($0) }
        fixture.monitor.watch(
            HealthCheck(
                ComponentDescription(
                    names[0], version: "1", summary: "queue",
                    dependencies: [
                        ComponentDependency(names[1], .required), ComponentDependency(names[2], .optional),
                    ], isCritical: false), probe: Well()))
        let json = try await fixture.send("GET", "/health/dependencies/queue").json
        #expect(json["service_name"] == "queue" && json["total_dependencies"] == 2)
        #expect(json["healthy_dependencies"] == 1 && json["unknown_dependencies"] == 1)
        #expect(json["dependencies"]?.elements?.map { $0["status"] } == ["healthy", "unknown"])
        #expect(json["dependencies"]?.elements?.first?["kind"] == "required")
    }

    @Test("O37: who does not say who asks is told words; a caller is told everything")
    func strangers() async throws {
        let fixture = try fixture(strangers: true)
        let details = [
            "", "/service/store", "/service/nobody", "/services", "/metrics", "/predictive", "/cache/store",
            "/dependencies/store", "/status", "/history",
        ]
        for path in details {
            let words = try await fixture.send("GET", "/health" + path).json
            #expect(
                words.object?.members.map(\.name) == ["status", "system_status", "timestamp"], "\(path)")
        }
        #expect(try await fixture.send("GET", "/health/ready?verbose").json == ["status": "ready"])
        let draft = try await fixture.send(
            "GET", "/health", fields: ["Accept": "application/health+json"])
        #expect(draft.json == ["status": "pass"])
        let known = try await fixture.send("GET", "/health", fields: Visitor(1).fields).json
        #expect(known["services"]?["store"] != nil)
        #expect(
            try await fixture.send("GET", "/health/ready", fields: Visitor(1).fields).json["failing"] == [])
    }

    @Test("O37: who asks for it gets the draft on health checks")
    func draft() async throws {
        let fixture = try fixture()
        tell(fixture, "disk", .degraded, essential: true)
        let answer = try await fixture.send(
            "GET", "/health", fields: ["Accept": "application/health+json, application/json;q=0.5"])
        #expect(answer.fields["Content-Type"] == "application/health+json" && answer.status == 200)
        #expect(answer.json["status"] == "warn")
        let check = answer.json["checks"]?["disk:free_bytes"]?.elements?.first
        #expect(check?["observedValue"] == 4096 && check?["observedUnit"] == "B")
        #expect(check?["status"] == "warn" && check?["output"] == "it was seen")
        #expect(answer.json["checks"]?["store:responseTime"]?.elements?.first?["output"] == nil)
        for path in ["/health/live", "/health/ready", "/health/startup", "/health/groups/ready"] {
            let passing = try await fixture.send(
                "GET", path, fields: ["Accept": "application/health+json"])
            #expect(passing.fields["Content-Type"] == "application/health+json", "\(path)")
        }
        #expect(try await fixture.send("GET", "/health", fields: ["Accept": "text/html"]).status == 406)
    }

    @Test("O37: administrators start and stop the monitor, twice without harm; others may not")
    func monitoring() async throws {
        let fixture = try fixture(strangers: true)
        let admin = Visitor(1, role: .admin).fields
        let path = "/health/monitoring/"
        for (verb, isRunning) in [("start", true), ("start", true), ("stop", false), ("stop", false)] {
            let answer = try await fixture.send("POST", path + verb, fields: admin)
            #expect(answer.status == 200 && answer.json["status"] == "success")
            #expect(fixture.monitor.isRunning == isRunning)
        }
        #expect(try await fixture.send("POST", path + "stop").status == 401)
        #expect(try await fixture.send("POST", path + "stop", fields: Visitor(2).fields).status == 403)
    }

    @Test("O37: changes are listed newest first, and followed with their numbers")
    func changes() async throws {
        let fixture = try fixture()
        func events(_ answer: APIFixture.Answer) throws -> String {
            guard case .events(let channel) = answer.body else { throw NotFound.task }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            guard case .bytes(let count) = buffer.withUnsafeMutableBytes({ channel.read(into: $0) }) else {
                return ""
            }
            return String(decoding: buffer[..<count], as: UTF8.self)
        }
        let stream = try await fixture.send("GET", "/health/events")
        #expect(stream.fields["Content-Type"] == "text/event-stream")
        tell(fixture, "chat", .unhealthy)
        let text = try events(stream)
        #expect(text.hasPrefix("event: status\nid: 2\ndata: {\"status\":\"healthy\""))
        #expect(text.contains("event: change\nid: 3\ndata: {\"service\":\"chat\",\"from\":\"unknown\""))
        #expect(text.contains("\"service\":\"system\",\"from\":\"healthy\",\"to\":\"degraded\""))
        let missed = try events(
            try await fixture.send("GET", "/health/events", fields: ["Last-Event-ID": "3"]))
        #expect(missed.hasPrefix("event: change\nid: 4\n"))
        let history = try await fixture.send("GET", "/health/history?limit=2").json
        #expect(history["history"]?.elements?.map { $0["id"] } == [4, 3])
        #expect(history["total_history_entries"] == 4)

        let strange = try self.fixture(strangers: true)
        let words = try await strange.send("GET", "/health/events")
        tell(strange, "chat", .unhealthy)
        let told = try events(words)
        #expect(told.contains("\"to\":\"degraded\"") && !told.contains("chat"))
    }

    @Test("O38: levels, availability and measurements are metrics")
    func metrics() async throws {
        let fixture = try fixture()
        tell(fixture, "disk", .degraded, essential: true)
        guard case .bytes(let bytes) = try await fixture.send("GET", "/metrics").body else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#"cutroom_health{service="disk",level="degraded"} 1"#))
        #expect(text.contains(#"cutroom_health_measurement{service="disk",measurement="free_bytes"} 4096"#))
    }
}

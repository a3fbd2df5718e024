import Application
import Domain
import Presentation
import Testing

@Suite("Alerts over the API")
struct AlertAPITests {
    private static let root = "/api/v1/operations/alerts"

    /// A server on which the disk is said to be unhealthy.
    private static func sick() throws -> APIFixture {
        let fixture = try APIFixture()
        fixture.monitor.note(
            ComponentHealth(
                name: "disk", level: .unhealthy, detail: "full", isEssential: true,
                measurements: [HealthMeasurement("free_bytes", 10, .bytes)]))
        return fixture
    }

    @Test("O39, O41: rules are listed with their expressions, and where each stands for each target")
    func list() async throws {
        let fixture = try Self.sick()
        fixture.alerts.look()
        let items = try await fixture.send("GET", Self.root).json["items"]?.elements ?? []
        #expect(items.count == AlertRule.defaults.count)
        let rule = try #require(items.first { $0["name"] == "part_unhealthy" })
        #expect(rule["expression"] == "status == 'unhealthy'" && rule["for_s"] == 30)
        let target = try #require(rule["targets"]?.elements?.first)
        #expect(target["state"] == "pending" && target["labels"]?["service"] == "disk")

        fixture.clock.advance(by: .seconds(30))
        fixture.alerts.look()
        let history = try await fixture.send("GET", "\(Self.root)/history").json["items"]?.elements ?? []
        #expect(history.map { $0["event"]?.text } == ["unsupported", "fired"])
        #expect(history.last?["severity"] == "critical")
    }

    @Test("O39: an expression can be asked, and its faults have their place")
    func evaluate() async throws {
        let fixture = try Self.sick()
        let found = try await fixture.send(
            "POST", "\(Self.root)/evaluate", ["expression": "disk_free_bytes < 1 KiB"])
        #expect(found.status == 200)
        #expect(found.json["items"]?.elements?.first?["value"] == 10)
        let wrong = try await fixture.send(
            "POST", "\(Self.root)/evaluate", ["expression": "disk_free_bytes <"])
        #expect(wrong.status == 422 && wrong.faults == ["/expression bad_format"])
    }

    @Test("O40: a rule is silenced for a while; of one that there is not that is 404")
    func silence() async throws {
        let fixture = try Self.sick()
        func silence(_ name: String) async throws -> APIFixture.Answer {
            try await fixture.send(
                "POST", "\(Self.root)/\(name):silence", ["duration_s": 60])
        }
        #expect(try await silence("part_unhealthy").status == 200)
        #expect(try await silence("nothing").status == 404)
        let items = try await fixture.send("GET", Self.root).json["items"]?.elements ?? []
        #expect(items.first { $0["name"] == "part_unhealthy" }?["silenced_until"]?.text != nil)
        #expect(items.first { $0["name"] == "disk_low" }?["silenced_until"]?.text == nil)
    }
}

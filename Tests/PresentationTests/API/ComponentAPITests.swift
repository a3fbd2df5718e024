import Application
import Domain
import Presentation
import Testing

@Suite("Components over HTTP", .timeLimit(.minutes(2)))
struct ComponentAPITests {
    private static let root = "/api/v1/operations/components"

    private static func part(
        _ name: String, _ needs: [ComponentDependency] = [], isCritical: Bool = false,
        isRestartable: Bool = true, error: ComponentGraphError? = nil
    ) throws -> Component {
        let description = ComponentDescription(
            try #require(ComponentName(name)), version: "2.1", summary: "The \(name).", dependencies: needs,
            isCritical: isCritical)
        return Component(
            description, isRestartable: isRestartable,
            health: {
                ComponentHealth(name: name, level: .healthy, detail: "It answers.", isEssential: isCritical)
            }
        ) { _ in
            if let error { throw error }
            return RunningComponent()
        }
    }

    /// A program of four parts, of which one cannot be started.
    private static func runner() async throws -> ComponentRunner {
        let (store, search) = (ComponentName(known: "store"), ComponentName(known: "search"))
        let runner = try ComponentRunner(
            [
                part("store", isCritical: true), part("worker", [ComponentDependency(store, .optional)]),
                part("search", error: .duplicate(search)),
                part(
                    "http",
                    [ComponentDependency(store, .required), ComponentDependency(search, .optional)],
                    isRestartable: false),
            ], clock: InMemoryClock())
        try await runner.start()
        return runner
    }

    @Test("O26, O55: the components are listed with where they stand, what they need, and because of whom")
    func list() async throws {
        let runner = try await Self.runner()
        let fixture = try APIFixture(components: runner)
        let answer = try await fixture.send("GET", Self.root)
        #expect(answer.status == 200)
        let all = try #require(answer.json.elements)
        #expect(all.map { $0["name"]?.text } == ["store", "search", "worker", "http"])
        #expect(all.map { $0["state"]?.text } == ["running", "error", "running", "degraded"])
        #expect(all[1]["last_error"]?["code"] == "start_failed" && all[1]["health"] == .null)
        #expect(all[3]["because_of"] == ["search"])
        #expect(
            all[3]["dependencies"] == [
                ["name": "store", "kind": "required"], ["name": "search", "kind": "optional"],
            ])
        let store = try await fixture.send("GET", "\(Self.root)/store").json
        #expect(store["critical"] == true && store["version"] == "2.1" && store["restarts"] == 0)
        #expect(store["health"] == ["status": "healthy", "detail": "It answers."])
        #expect(
            store["dependents"] == [
                ["name": "worker", "kind": "optional"], ["name": "http", "kind": "required"],
            ])
        #expect(try await fixture.send("GET", "\(Self.root)/gone").status == 404)
        #expect(try await fixture.send("GET", "\(Self.root)/Not%20one").status == 404)
        await runner.stop()
    }

    @Test("O22: the graph tells the order, the levels and the critical path")
    func graph() async throws {
        let runner = try await Self.runner()
        let graph = try await APIFixture(components: runner).send("GET", "\(Self.root)/graph")
        #expect(graph.status == 200)
        #expect(graph.json["levels"] == [["store", "search"], ["worker", "http"]])
        #expect(graph.json["order"] == ["store", "search", "worker", "http"])
        #expect(graph.json["critical_path"]?.elements?.isEmpty == false)
        await runner.stop()
    }

    @Test("O26: a restart is begun with 202, and refused with 409 and a code where it cannot be")
    func restart() async throws {
        let runner = try await Self.runner()
        let fixture = try APIFixture(components: runner)
        let begun = try await fixture.send("POST", "\(Self.root)/worker:restart")
        #expect(begun.status == 202 && begun.json["name"] == "worker")
        for (name, code) in [("http", "component_not_restartable"), ("store", "component_held")] {
            let refused = try await fixture.send("POST", "\(Self.root)/\(name):restart")
            #expect(refused.status == 409 && refused.json["code"] == .string(code))
        }
        #expect(try await fixture.send("POST", "\(Self.root)/gone:restart").status == 404)
        #expect(try await fixture.send("POST", "\(Self.root)/worker:stop").status == 405)
        #expect(try await fixture.send("POST", "\(Self.root)/:restart").status == 405)
        await runner.stop()
        let late = try await fixture.send("POST", "\(Self.root)/worker:restart")
        #expect(late.status == 409 && late.json["code"] == "component_ending")
    }
}

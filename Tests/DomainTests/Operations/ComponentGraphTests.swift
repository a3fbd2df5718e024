import Domain
import Testing

@Suite("The graph of components")
struct ComponentGraphTests {
    private func component(
        _ name: StaticString, _ needs: [(StaticString, ComponentDependency.Kind)] = [],
        activation: ComponentDescription.Activation = .eager
    ) -> ComponentDescription {
        ComponentDescription(
            ComponentName(known: name), version: "1", summary: "",
            dependencies: needs.map { ComponentDependency(ComponentName(known: $0.0), $0.1) },
            isCritical: false, activation: activation)
    }

    private func names(_ names: StaticString...) -> [ComponentName] { names.map(ComponentName.init(known:)) }

    @Test("O22: a cycle is refused and named, each followed by the one that it waits for")
    func cycle() {
        #expect(throws: ComponentGraphError.cycle(names("a", "b", "c", "a"))) {
            try ComponentGraph([
                component("z"), component("a", [("b", .required)]),
                component("b", [("z", .required), ("c", .optional)]), component("c", [("a", .required)]),
            ])
        }
        #expect(throws: ComponentGraphError.cycle(names("a", "a"))) {
            try ComponentGraph([component("a", [("a", .required)])])
        }
        // One that only leads into a cycle is no part of it.
        let error = #expect(throws: ComponentGraphError.self) {
            try ComponentGraph([
                component("way", [("b", .required)]), component("b", [("c", .required)]),
                component("c", [("b", .required)]),
            ])
        }
        #expect(error?.explanation == "Components wait for each other: b → c → b.")
    }

    @Test("O22: what is only used softly may go round in a circle, since nobody waits for it")
    func softCircle() throws {
        let graph = try ComponentGraph([
            component("a", [("b", .required)]), component("b", [("a", .soft)]),
        ])
        #expect(graph.order == names("b", "a"))
    }

    @Test("O21: a name stands once, and what is needed is there")
    func unknown() {
        #expect(throws: ComponentGraphError.duplicate(ComponentName(known: "a"))) {
            try ComponentGraph([component("a"), component("a")])
        }
        let (a, gone) = (ComponentName(known: "a"), ComponentName(known: "gone"))
        for kind in ComponentDependency.Kind.allCases {
            #expect(throws: ComponentGraphError.unknown(gone, neededBy: a)) {
                try ComponentGraph([component("a", [("gone", kind)])])
            }
        }
    }

    @Test("O22: optional ones come first too; levels hold what can start side by side")
    func order() throws {
        let graph = try ComponentGraph([
            component("http", [("media", .required), ("feed", .optional), ("worker", .soft)]),
            component("feed", [("store", .required)]), component("store"),
            component("media", [("store", .required)]), component("worker", [("http", .soft)]),
        ])
        #expect(graph.levels == [names("store", "worker"), names("feed", "media"), names("http")])
        #expect(graph.order == names("store", "worker", "feed", "media", "http"))
        #expect(graph.requiring(ComponentName(known: "store")) == names("feed", "media", "http"))
        #expect(
            graph.dependents(of: ComponentName(known: "feed")) == [
                ComponentDependency(ComponentName(known: "http"), .optional)
            ])
    }

    @Test("O22: a lazy one starts with the program only where one is waited for that starts with it")
    func lazy() throws {
        let graph = try ComponentGraph([
            component("idle", activation: .lazy), component("base", activation: .lazy),
            component("user", [("base", .required), ("idle", .soft)]),
        ])
        #expect(graph.eager == names("base", "user"))
        #expect(graph.withAwaited(names("idle")) == names("idle"))
    }

    @Test("O22: the critical path is the chain that takes longest")
    func criticalPath() throws {
        let graph = try ComponentGraph([
            component("a"), component("b", [("a", .required)]), component("c", [("a", .optional)]),
            component("d", [("b", .required), ("c", .required)]), component("e", [("d", .soft)]),
        ])
        let times: [String: Int] = ["a": 10, "b": 50, "c": 20, "d": 5, "e": 60]
        let path = graph.criticalPath { .milliseconds(times[$0.text] ?? 0) }
        #expect(path.names == names("a", "b", "d") && path.duration == .milliseconds(65))
        #expect(ComponentGraph().criticalPath { _ in .zero }.names.isEmpty)
    }

    @Test(
        "O22: every order of random graphs puts what is waited for first, and cycles are real",
        arguments: 0..<8)
    func random(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let count = Int.random(in: 1...12, using: &generator)
            let all = (0..<count).compactMap { ComponentName("c\($0)") }
            let components = all.map { name in
                let needs = all.filter { _ in Int.random(in: 0..<6, using: &generator) == 0 }.map {
                    ComponentDependency($0, [.required, .optional, .soft].randomElement(using: &generator)!)
                }
                return ComponentDescription(
                    name, version: "1", summary: "", dependencies: needs, isCritical: false)
            }
            func waits(_ name: ComponentName, for other: ComponentName) -> Bool {
                components.contains { component in
                    component.name == name
                        && component.dependencies.contains { $0.name == other && $0.kind != .soft }
                }
            }
            do throws(ComponentGraphError) {
                let graph = try ComponentGraph(components)
                #expect(Set(graph.order) == Set(all) && graph.order.count == count)
                for (index, name) in graph.order.enumerated() {
                    let before = Set(graph.order[..<index])
                    #expect(all.allSatisfy { !waits(name, for: $0) || before.contains($0) })
                }
            } catch {
                guard case .cycle(let cycle) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(cycle.count > 1 && cycle.first == cycle.last)
                #expect(zip(cycle, cycle.dropFirst()).allSatisfy { waits($0, for: $1) })
            }
        }
    }
}

import Application
import Domain
import TestSupport
import Testing

@Suite("Stopping components", .timeLimit(.minutes(2)))
struct ComponentStopTests {
    private let house = Playhouse()

    @Test("O25: dependents stop first, the rest side by side, and everything ends stopped")
    func order() async throws {
        let (first, second) = (TestGate(), TestGate())
        let runner = try house.runner([
            house.part("store", isCritical: true),
            house.part(
                "http", [.required("store")],
                stop: {
                    first.open(); await second.wait()
                }),
            // Were they stopped one after the other, one of the two would wait for ever.
            house.part(
                "worker", [.required("store")],
                stop: {
                    await first.wait(); second.open()
                }),
        ])
        try await runner.start()
        await runner.stop()
        #expect(house.happened.suffix(2) == ["stop store", "down store"])
        #expect(runner.phase == .ended && Set(runner.states.values) == [.stopped])
    }

    @Test("O25: readiness ends before anything is stopped, and what is under way is counted")
    func drain() async throws {
        let gate = TestGate()
        let runner = try house.runner([
            house.part("store", isCritical: true),
            house.part(
                "http", [.required("store")], isCritical: true, inFlight: 3, stop: { await gate.wait() }),
        ])
        let probe = ComponentsProbe(runner: runner)
        #expect(await probe.check().level == .unhealthy)
        try await runner.start()
        #expect(await probe.check().level == .healthy)
        let end = Task { await runner.stop() }
        await house.see { $0 == .draining(inFlight: 3) }
        #expect(await probe.check().level == .unhealthy)
        gate.open()
        await end.value
    }

    @Test(
        "O25: who keeps the end waiting is told, and left behind at the hard deadline; the others stop all the same"
    )
    func hanging() async throws {
        let (gate, waiting) = (TestGate(), TestGate())
        let runner = try house.runner([
            house.part("store", isCritical: true),
            house.part(
                "stuck", [.required("store")], grace: .seconds(60), inFlight: 2,
                stop: {
                    waiting.open()
                    // Nothing is heard of a cancellation there.
                    await Task { await gate.wait() }.value
                }),
        ])
        try await runner.start()
        let end = Task { await runner.stop() }
        await waiting.wait()
        house.clock.advance(by: .seconds(1))
        let names = [ComponentName("store")!, ComponentName("stuck")!]
        await house.see { $0 == .waiting(for: names, inFlight: 2) }
        house.clock.advance(by: .seconds(29))
        await house.see { $0 == .abandoned(names[1]) }
        await end.value
        #expect(house.happened.contains("down store"))
        #expect(Set(runner.states.values) == [.stopped])
        gate.open()
    }

    @Test("O25: work that goes on is ended by its cancellation, at once or when its grace is over")
    func work() async throws {
        let gate = TestGate()
        let polite = house.part("polite", work: .endless { await gate.wait() }, stop: { gate.open() })
        let loop = Component(
            ComponentDescription(ComponentName("loop")!, version: "1", summary: "", isCritical: false)
        ) { [house] _ in
            RunningComponent(
                work: .endless {
                    try? await forever()
                    house.note("loop ended")
                })
        }
        let deaf = house.part("deaf", work: .endless { try await forever() }, grace: .zero)
        let runner = try house.runner([polite, loop, deaf])
        try await runner.start()
        await runner.stop()
        #expect(house.happened.contains("loop ended"))
        #expect(Set(runner.states.values) == [.stopped])
    }

    @Test("O25: what was never started, what failed and what has nothing to stop do not keep the others up")
    func nothingToStop() async throws {
        let bare = Component(
            ComponentDescription(ComponentName("bare")!, version: "1", summary: "", isCritical: false)
        ) { _ in RunningComponent() }
        let runner = try house.runner([
            bare, house.part("idle", activation: .lazy), house.part("broken", start: { throw Mishap("no") }),
            house.part("good"),
        ])
        try await runner.start()
        await runner.stop()
        await runner.stop()
        #expect(runner.states == ["bare": .stopped, "idle": .stopped, "broken": .error, "good": .stopped])
        #expect(house.happened.filter { $0 == "stop good" }.count == 1)
    }

    @Test(
        "O22, O23, O25: in random graphs each starts after what it waits for and stops before it, and nothing is left"
    )
    func random() async throws {
        for seed in 0..<150 {
            try await randomRun(seed: UInt64(seed))
        }
    }

    private func randomRun(seed: UInt64) async throws {
        let chance = SeededRandomSource(seed: seed)
        func draw(_ bound: UInt64) -> Int { Int(chance.next() % bound) }
        let house = Playhouse()
        let count = 1 + draw(12)
        var parts: [Component] = []
        var needs: [String: [ComponentDependency]] = [:]
        for index in 0..<count {
            let own = (0..<index).filter { _ in draw(3) == 0 }.map {
                ComponentDependency(ComponentName("c\($0)")!, ComponentDependency.Kind.allCases[draw(3)])
            }
            let (fails, pauses, isCritical) = (draw(8) == 0, draw(4), draw(3) == 0)
            needs["c\(index)"] = own
            parts.append(
                house.part("c\(index)", own, isCritical: isCritical) {
                    for _ in 0..<pauses { await Task.yield() }
                    if fails { throw Mishap("chance") }
                })
        }
        let runner = try house.runner(parts)
        do {
            try await runner.start()
            for (name, needs) in needs where runner.states[name] == .error {
                let isOwn = house.happened.contains("start \(name)")
                #expect(
                    isOwn || needs.contains { $0.kind == .required && runner.states[$0.name.text] == .error })
            }
        } catch is ComponentFailure {
            #expect(runner.phase == .ended, "seed \(seed)")
        }
        await runner.stop()
        let happened = house.happened
        func place(_ line: String) -> Int? { happened.firstIndex(of: line) }
        for (name, needs) in needs {
            if let up = place("up \(name)") {
                let down = try #require(place("down \(name)"), "seed \(seed): \(name) is left")
                for need in needs where need.kind != .soft {
                    guard let other = place("stop \(need.name)") else { continue }
                    #expect(up < down && down < other, "seed \(seed): \(need.name) stops before \(name)")
                }
            }
            guard let start = place("start \(name)") else { continue }
            for need in needs {
                switch need.kind {
                case .required:
                    let other = try #require(place("up \(need.name)"), "seed \(seed)")
                    #expect(other < start, "seed \(seed): \(name) starts before \(need.name)")
                case .optional:
                    if let other = place("up \(need.name)") {
                        #expect(other < start, "seed \(seed): \(name) starts before \(need.name)")
                    }
                case .soft: break
                }
            }
        }
        #expect(runner.statuses.allSatisfy { !$0.lifecycle.state.isUp }, "seed \(seed)")
    }
}

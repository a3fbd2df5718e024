import Application
import Domain
import TestSupport
import Testing

@Suite("Restarting components", .timeLimit(.minutes(2)))
struct ComponentRestartTests {
    private let house = Playhouse()
    private let administrator = Caller.local

    @Test("O26: one that ends by itself is started again, later each time, with those that require it")
    func supervised() async throws {
        let ends = [TestGate(), TestGate()]
        let runs = Turns()
        let runner = try house.runner([
            house.part(
                "worker",
                work: .endless {
                    let run = runs.next()
                    guard run <= ends.count else { return try await forever() }
                    await ends[run - 1].wait()
                    throw Mishap("run \(run)")
                }, grace: .zero),
            house.part("user", [.required("worker")]),
            house.part("http", [.soft("worker")], isRestartable: false),
        ])
        try await runner.start()
        for (run, seconds) in [1, 2].enumerated() {
            ends[run].open()
            await house.see("worker", .error)
            #expect(runner.state("http") == .degraded(because: [ComponentName("worker")!]))
            house.clock.advance(by: .seconds(seconds))
            await house.see("worker", .running)
            await house.see("user", .running)
        }
        let worker = try #require(runner.status(of: ComponentName("worker")!))
        #expect(worker.lifecycle.restarts == 2)
        #expect(worker.lifecycle.lastFault == ComponentFault(.ended, reason: "run 2"))
        #expect(runner.state("http") == .running)
        #expect(house.happened.filter { $0 == "start user" }.count == 3)
        await runner.stop()
    }

    @Test(
        "O26: one that fails too often is given up; if it is critical, so is the program",
        arguments: [false, true])
    func givenUp(isCritical: Bool) async throws {
        let policy = RestartPolicy(
            pauses: RestartPolicy.ordinary.pauses, goodAfter: .seconds(600), limit: 2)
        let gate = TestGate()
        let runner = try house.runner(
            [
                house.part("store", isCritical: true),
                house.part(
                    "worker", [.required("store")], isCritical: isCritical,
                    work: .endless {
                        await gate.wait()
                        throw Mishap("again")
                    }),
            ], limits: ComponentRunner.Limits(restarts: policy))
        try await runner.start()
        gate.open()
        for seconds in [1, 2] {
            await house.see { if case .restartPlanned = $0 { true } else { false } }
            house.clock.advance(by: .seconds(seconds))
        }
        await house.see { $0 == .givenUp(ComponentName("worker")!) }
        if isCritical {
            let failure = await runner.failure()
            #expect(failure?.description == "worker: again")
        } else {
            #expect(runner.states == ["store": .running, "worker": .error])
        }
        await runner.stop()
    }

    @Test("O26: work that is done once may end, and one that fails then is started again")
    func once() async throws {
        let runs = Turns()
        let runner = try house.runner([
            house.part("sweep", work: .once { if runs.next() == 1 { throw Mishap("busy") } })
        ])
        try await runner.start()
        await house.see("sweep", .error)
        house.clock.advance(by: .seconds(1))
        await house.see("sweep", .running)
        await runner.stop()
        #expect(house.happened.filter { $0 == "start sweep" }.count == 2)
    }

    @Test("O26: one is restarted by name with those that cannot work without it, in the right order")
    func byName() async throws {
        let runner = try house.runner([
            house.part("store", isCritical: true), house.part("pipeline", [.required("store")]),
            house.part("worker", [.required("pipeline")]), house.part("http", [.optional("pipeline")]),
        ])
        let restart = RestartComponent(runner: runner)
        try await runner.start()
        let before = house.happened.count
        try restart(ComponentName("pipeline")!, by: administrator)
        await house.see("worker", .stopping)
        await house.see("worker", .running)
        #expect(
            Array(house.happened[before...]) == [
                "stop worker", "down worker", "stop pipeline", "down pipeline", "start pipeline",
                "up pipeline", "start worker", "up worker",
            ])
        #expect(Set(runner.states.values) == [.running])
        await runner.stop()
    }

    @Test("O26: a restart that cannot be is refused with the reason, and nothing is stopped")
    func refused() async throws {
        let gates = [TestGate(), TestGate()]
        let starts = Turns()
        let runner = try house.runner([
            house.part("store", isCritical: true),
            house.part("slow", start: { await gates[starts.next() - 1].wait() }),
            house.part("http", [.required("store")], isRestartable: false),
        ])
        let restart = RestartComponent(runner: runner)
        let (store, slow, http) = (
            ComponentName("store")!, ComponentName("slow")!, ComponentName("http")!
        )
        let start = Task { try await runner.start() }
        await house.see("http", .running)
        #expect(throws: ComponentError.busy(store)) { try restart(store, by: administrator) }
        gates[0].open()
        try await start.value
        #expect(throws: ComponentError.notRestartable(http)) { try restart(http, by: administrator) }
        #expect(throws: ComponentError.heldByOthers(store, others: [http])) {
            try restart(store, by: administrator)
        }
        #expect(throws: NotFound.component) { try restart(ComponentName("gone")!, by: administrator) }
        let user = Caller(user: User.local, role: .user, means: .local)
        #expect(throws: AccessError.missingScope(.admin)) { try restart(slow, by: user) }
        #expect(!house.happened.contains { $0.hasPrefix("stop") })
        try restart(slow, by: administrator)
        #expect(throws: ComponentError.busy(slow)) { try restart(slow, by: administrator) }
        gates[1].open()
        await house.see("slow", .running)
        await runner.stop()
        #expect(throws: ComponentError.ending) { try restart(slow, by: administrator) }
    }

    @Test("O26: one that was given up is started again when a person asks for it")
    func byHand() async throws {
        let tries = Turns()
        let policy = RestartPolicy(
            pauses: RestartPolicy.ordinary.pauses, goodAfter: .seconds(600), limit: 0)
        let runner = try house.runner(
            [house.part("search", start: { if tries.next() == 1 { throw Mishap("away") } })],
            limits: ComponentRunner.Limits(restarts: policy))
        try await runner.start()
        await house.see { $0 == .givenUp(ComponentName("search")!) }
        try RestartComponent(runner: runner)(ComponentName("search")!, by: administrator)
        await house.see("search", .running)
        await runner.stop()
    }

    @Test("O26, O55: all parts are shown with what they need, who needs them, and how well they are")
    func shown() async throws {
        let part = Component(
            ComponentDescription(
                ComponentName("store")!, version: "2.1", summary: "Keeps everything.", isCritical: true),
            health: {
                ComponentHealth(name: "store", level: .degraded, detail: "slow", isEssential: true)
            }
        ) { _ in RunningComponent() }
        let runner = try house.runner([house.part("http", [.required("store")]), part])
        let list = ListComponents(runner: runner)
        #expect(try await list(ComponentName("store")!, by: administrator).health == nil)
        try await runner.start()
        let shown = try await list(by: administrator)
        #expect(shown.map(\.status.description.name.text) == ["store", "http"])
        #expect(shown[0].health?.detail == "slow" && shown[1].health == nil)
        #expect(shown[0].status.dependents.map(\.name.text) == ["http"])
        let plan = try GetComponentGraph(runner: runner)(by: administrator)
        #expect(plan.levels.map { $0.map(\.text) } == [["store"], ["http"]])
        await #expect(throws: NotFound.component) {
            try await list(ComponentName("gone")!, by: administrator)
        }
        await runner.stop()
    }
}

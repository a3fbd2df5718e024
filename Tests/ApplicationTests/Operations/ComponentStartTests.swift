import Application
import Domain
import TestSupport
import Testing

@Suite("Starting components", .timeLimit(.minutes(2)))
struct ComponentStartTests {
    private let house = Playhouse()

    @Test("O22: each starts the moment that what it requires is ready, side by side with the others")
    func sideBySide() async throws {
        let (slow, third) = (TestGate(), TestGate())
        let runner = try house.runner([
            house.part("slow", start: { await slow.wait() }), house.part("quick"),
            house.part("user", [.required("quick")], start: { third.open() }),
        ])
        let start = Task { try await runner.start() }
        // The third one is there while the first one is not.
        await third.wait()
        await house.see("user", .running)
        #expect(runner.state("slow") == .initializing && runner.phase == .starting)
        slow.open()
        try await start.value
        #expect(runner.phase == .up)
        #expect(runner.statuses.allSatisfy { $0.lifecycle.state == .running })
        await runner.stop()
    }

    @Test("O22: an optional one is waited for, and its failure only takes something away")
    func optional() async throws {
        let gate = TestGate()
        let runner = try house.runner([
            house.part("user", [.optional("feed")], isCritical: true),
            house.part(
                "feed",
                start: {
                    await gate.wait(); throw Mishap("no feed")
                }),
        ])
        let start = Task { try await runner.start() }
        await house.see("feed", .initializing)
        #expect(!house.happened.contains("start user"))
        gate.open()
        try await start.value
        #expect(runner.state("user") == .degraded(because: [ComponentName("feed")!]))
        #expect(runner.status(of: ComponentName("feed")!)?.lifecycle.lastFault?.reason == "no feed")
        await runner.stop()
    }

    @Test("O22: a soft one is not waited for, and tried behind until it is there")
    func soft() async throws {
        let tries = Turns()
        let runner = try house.runner([
            house.part("user", [.soft("search")], isCritical: true),
            house.part("search", start: { if tries.next() < 3 { throw Mishap("away") } }),
        ])
        try await runner.start()
        await house.see("user", .degraded)
        // A second, then two.
        for seconds in [1, 2] {
            house.clock.advance(by: .milliseconds(seconds * 1000 - 1))
            #expect(runner.states["search"] == .error)
            house.clock.advance(by: .milliseconds(1))
            await house.see("search", seconds == 1 ? .error : .running)
        }
        #expect(runner.state("user") == .running)
        #expect(runner.status(of: ComponentName("search")!)?.lifecycle.restarts == 2)
        #expect(house.happened.filter { $0 == "start user" }.count == 1)
        await runner.stop()
    }

    @Test("O23: a start that takes too long is cancelled at its deadline")
    func deadline() async throws {
        let runner = try house.runner([
            house.part("slow", deadline: .seconds(3), start: forever), house.part("other"),
        ])
        let start = Task { try await runner.start() }
        await house.see("slow", .initializing)
        house.clock.advance(by: .seconds(3))
        try await start.value
        #expect(runner.status(of: ComponentName("slow")!)?.lifecycle.lastFault?.kind == .startTimedOut)
        #expect(runner.states == ["slow": .error, "other": .running])
        await runner.stop()
    }

    @Test("O23: one that does not heed its cancellation holds up nobody, and is ended when it comes too late")
    func heedless() async throws {
        let (gate, ended) = (TestGate(), TestGate())
        let runner = try house.runner([
            house.part("slow", isCritical: true, start: { await gate.wait() }, stop: { ended.open() })
        ])
        let start = Task { try await runner.start() }
        await house.see("slow", .initializing)
        house.clock.advance(by: .seconds(30))
        let failure = await #expect(throws: ComponentFailure.self) { try await start.value }
        #expect(failure?.description == "slow: it was not ready in time")
        gate.open()
        await ended.wait()
    }

    @Test("O23: the start of everything has a deadline as well")
    func globalDeadline() async throws {
        let runner = try house.runner(
            [
                house.part("first", deadline: .seconds(60), start: forever),
                house.part("second", [.optional("first")], isCritical: true),
            ], limits: ComponentRunner.Limits(start: .seconds(5)))
        let start = Task { try await runner.start() }
        await house.see("first", .initializing)
        house.clock.advance(by: .seconds(5))
        try? await start.value
        #expect(runner.status(of: ComponentName("first")!)?.lifecycle.lastFault?.kind == .startTimedOut)
        await runner.stop()
    }

    @Test("O23: a critical failure stops in reverse all that was started, and is thrown by its name")
    func rollback() async throws {
        let runner = try house.runner([
            house.part("store", isCritical: true), house.part("media", [.required("store")]),
            house.part("feed", [.required("media")]), house.part("lone"),
            house.part("http", [.required("feed"), .optional("lone")], isCritical: true) {
                throw Mishap("port 80 is taken")
            },
        ])
        let failure = await #expect(throws: ComponentFailure.self) { try await runner.start() }
        #expect(failure?.description == "http: port 80 is taken" && failure?.cause is Mishap)
        #expect(runner.phase == .ended)
        #expect(runner.statuses.allSatisfy { !$0.lifecycle.state.isUp })
        #expect(
            house.happened.filter { $0.hasPrefix("stop ") && $0 != "stop lone" }
                == ["stop feed", "stop media", "stop store"])
        #expect(house.happened.contains("down lone"))
    }

    @Test("O23: a critical one that cannot be started because of another one blames that")
    func blame() async throws {
        let runner = try house.runner([
            house.part("disk", start: { throw Mishap("full") }), house.part("store", [.required("disk")]),
            house.part("http", [.required("store")], isCritical: true),
        ])
        let failure = await #expect(throws: ComponentFailure.self) { try await runner.start() }
        #expect(failure?.description == "disk: full")
        #expect(!house.happened.contains("start http"))
    }

    @Test("O23, O55: what is not critical leaves the rest running, and its dependents say because of whom")
    func degraded() async throws {
        let runner = try house.runner([
            house.part("disk", start: { throw Mishap("full") }), house.part("cache", [.required("disk")]),
            house.part("search", [.required("cache")]),
            house.part("http", [.optional("search")], isCritical: true), house.part("lone"),
        ])
        try await runner.start()
        let disk = ComponentName("disk")!
        #expect(runner.state("http") == .degraded(because: [disk]))
        for name in ["cache", "search"] {
            guard case .error(let fault) = runner.state(name) else {
                Issue.record("\(name) is \(String(describing: runner.state(name)))")
                continue
            }
            #expect(fault.kind == .blocked && fault.becauseOf == disk)
            #expect(runner.status(of: ComponentName(name)!)?.becauseOf == [disk])
        }
        #expect(runner.state("lone") == .running)
        #expect(await ComponentsProbe(runner: runner).check().level == .degraded)
        await runner.stop()
    }

    @Test("O22: what was blocked starts by itself once what it requires is there")
    func unblocked() async throws {
        let tries = Turns()
        let runner = try house.runner([
            house.part("disk", start: { if tries.next() == 1 { throw Mishap("full") } }),
            house.part("cache", [.required("disk")]),
        ])
        try await runner.start()
        house.clock.advance(by: .seconds(1))
        await house.see("cache", .running)
        #expect(runner.states == ["disk": .running, "cache": .running])
        await runner.stop()
    }

    @Test("O22: a lazy one is started by its first use, once for all who ask at the same time")
    func lazy() async throws {
        let gate = TestGate()
        let runner = try house.runner([
            house.part("base", activation: .lazy),
            house.part("model", [.required("base")], activation: .lazy, start: { await gate.wait() }),
            house.part("http", isCritical: true),
        ])
        try await runner.start()
        #expect(runner.states == ["base": .registered, "model": .registered, "http": .running])
        let uses = (0..<16).map { _ in Task { try await runner.use(ComponentName("model")!) } }
        await house.see("model", .initializing)
        gate.open()
        for use in uses { try await use.value }
        try await runner.use(ComponentName("model")!)
        #expect(
            house.happened == ["start http", "up http", "start base", "up base", "start model", "up model"])
        await runner.stop()
        await #expect(throws: ComponentFailure.self) { try await runner.use(ComponentName("model")!) }
    }

    @Test("O22: who uses a lazy one that cannot be started is told why")
    func lazyFailure() async throws {
        let runner = try house.runner([
            house.part("model", activation: .lazy, start: { throw Mishap("no memory") })
        ])
        try await runner.start()
        let failure = await #expect(throws: ComponentFailure.self) {
            try await runner.use(ComponentName("model")!)
        }
        #expect(failure?.description == "model: no memory")
        await runner.stop()
    }

    @Test("O25: an end that is asked for during the start leaves nothing running")
    func cancelled() async throws {
        let runner = try house.runner([
            house.part("store", isCritical: true),
            house.part("slow", [.required("store")], isCritical: true, start: forever),
        ])
        let start = Task { try await runner.start() }
        await house.see("slow", .initializing)
        start.cancel()
        await #expect(throws: CancellationError.self) { try await start.value }
        #expect(runner.phase == .ended && runner.states == ["store": .stopped, "slow": .stopped])
        #expect(house.happened == ["start store", "up store", "start slow", "stop store", "down store"])
    }
}

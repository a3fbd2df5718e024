import Application
import Domain
import Synchronization
import Testing

@Suite("Health monitor", .timeLimit(.minutes(1)))
struct HealthMonitorTests {
    private let clock = InMemoryClock()

    /// A part that is as it is told to be, or never answers.
    private final class Probe: HealthProbe {
        private struct State {
            var level: HealthLevel? = .healthy
            var looks = 0
            var hanging: [CheckedContinuation<Void, Never>] = []
        }
        let name: String
        private let state = Mutex(State())

        init(_ name: String, _ level: HealthLevel? = .healthy) {
            self.name = name
            state.withLock { $0.level = level }
        }

        var looks: Int { state.withLock { $0.looks } }
        var isHanging: Bool { state.withLock { !$0.hanging.isEmpty } }

        /// Nil for no answer at all, cancelled or not.
        func be(_ level: HealthLevel?) { state.withLock { $0.level = level } }

        func letGo() {
            let hanging = state.withLock { state in
                defer { state.hanging = [] }
                return state.hanging
            }
            for continuation in hanging { continuation.resume() }
        }

        func check() async -> ComponentHealth {
            let level = state.withLock { state in
                state.looks += 1
                return state.level
            }
            if level == nil {
                await withCheckedContinuation { continuation in
                    state.withLock { $0.hanging.append(continuation) }
                }
            }
            return ComponentHealth(
                name: name, level: level ?? .healthy, detail: "\(name) was looked at", isEssential: true)
        }
    }

    private static func name(_ text: String) -> ComponentName {
        guard let name = ComponentName(text) else { preconditionFailure("\(text) is no name") }
        return name
    }

    private func check(
        _ probe: Probe, needs: [String] = [], critical: Bool = true, pace: HealthPace = .ordinary
    ) -> HealthCheck {
        HealthCheck(
            ComponentDescription(
                Self.name(probe.name), version: "1", summary: probe.name,
                dependencies: needs.map { ComponentDependency(Self.name($0), .required) },
                isCritical: critical), probe: probe, pace: pace)
    }

    private func monitor(_ checks: [HealthCheck], windows: [MaintenanceWindow] = []) -> HealthMonitor {
        HealthMonitor(
            checks, windows: windows, clock: clock, random: SeededRandomSource(seed: 5), steady: { 0 })
    }

    /// Begins what is due and waits for the looks that answer.
    private func pass(_ monitor: HealthMonitor, hanging: Int = 0) async {
        _ = monitor.tick()
        while monitor.activity.activeLooks > hanging { await Task.yield() }
    }

    @Test("O36: before the first look nothing is known, and the server has not started")
    func start() async {
        let probe = Probe("store")
        let monitor = monitor([check(probe)])
        #expect(
            monitor.readiness
                == HealthReadiness(
                    isStarted: false, isReady: false, level: .unknown, failing: []))
        #expect(monitor.report().level == .unknown)
        await pass(monitor)
        #expect(
            monitor.readiness
                == HealthReadiness(
                    isStarted: true, isReady: true, level: .healthy, failing: []))
        #expect(monitor.report()["store"]?.latest?.health.detail == "store was looked at")
    }

    @Test("O36: no parts are not a healthy system")
    func empty() async {
        let monitor = monitor([])
        await pass(monitor)
        #expect(monitor.report().level == .unknown && !monitor.readiness.isReady)
    }

    @Test(
        "O35: a look that never ends is cut off after its deadline, is not begun again beside, and counts as bad"
    )
    func hung() async {
        let probe = Probe("store")
        let monitor = monitor([check(probe)])
        await pass(monitor)
        probe.be(nil)
        clock.advance(by: .seconds(11))
        _ = monitor.tick()
        while !probe.isHanging { await Task.yield() }
        // Within its deadline it says nothing.
        clock.advance(by: .milliseconds(900))
        _ = monitor.tick()
        #expect(monitor.report().level == .healthy)
        for _ in 0..<3 {
            clock.advance(by: .milliseconds(1200))
            _ = monitor.tick()
        }
        let part = monitor.report()["store"]
        #expect(part?.level == .unhealthy)
        #expect(part?.detail.hasPrefix("no answer for") == true)
        #expect(!monitor.readiness.isReady && monitor.readiness.failing == ["store"])
        #expect(probe.looks == 2)
        // Its late answer is not how it is now; the next looks tell.
        probe.be(.healthy)
        probe.letGo()
        while monitor.activity.activeLooks > 0 { await Task.yield() }
        #expect(monitor.report().level == .unhealthy)
        for _ in 0..<2 {
            clock.advance(by: .milliseconds(1200))
            await pass(monitor)
        }
        #expect(monitor.report().level == .healthy)
        #expect(probe.looks == 4)
    }

    @Test("O35: a look that hangs keeps no other part waiting")
    func sideBySide() async {
        let (stuck, well) = (Probe("stuck", nil), Probe("well"))
        let monitor = monitor([check(stuck), check(well)])
        await pass(monitor, hanging: 1)
        #expect(monitor.report()["well"]?.level == .healthy)
        while !stuck.isHanging { await Task.yield() }
        stuck.letGo()
    }

    @Test("O35: parts are looked at sooner while something is wrong, and once for each period otherwise")
    func pace() async {
        let probe = Probe("store")
        let monitor = monitor([check(probe)])
        await pass(monitor)
        clock.advance(by: .seconds(8))
        await pass(monitor)
        #expect(probe.looks == 1)
        probe.be(.unhealthy)
        clock.advance(by: .seconds(3))
        await pass(monitor)
        #expect(probe.looks == 2)
        for looks in 3...4 {
            clock.advance(by: .milliseconds(1100))
            await pass(monitor)
            #expect(probe.looks == looks)
        }
        #expect(monitor.report().level == .unhealthy)
    }

    @Test("O35: a part that flaps on single looks stays as it was")
    func flapping() async {
        let probe = Probe("store")
        let monitor = monitor([check(probe)])
        await pass(monitor)
        for turn in 0..<10 {
            probe.be(turn.isMultiple(of: 3) ? .healthy : .unhealthy)
            clock.advance(by: .seconds(11))
            await pass(monitor)
            #expect(monitor.report().level == .healthy)
        }
        #expect(monitor.history(limit: 10).count == 2)
    }

    @Test("O35: what nobody looks at any more becomes unknown, and does not take the server out of service")
    func stale() async throws {
        let probe = Probe("store")
        let monitor = monitor([check(probe)])
        await pass(monitor)
        clock.advance(by: .seconds(60))
        let part = try #require(monitor.report()["store"])
        #expect(part.level == .unknown && part.isStale && part.age == .seconds(60))
        #expect(part.warnings == ["not looked at for 60 s: store was looked at"])
        #expect(monitor.readiness.isReady)
        #expect(monitor.activity.freshShare == 0)
    }

    @Test("O35: a clock that is set back keeps no part from being looked at")
    func clockSetBack() async {
        let probe = Probe("store")
        let monitor = monitor([check(probe)])
        await pass(monitor)
        clock.set(to: clock.now() - .seconds(86_400))
        await pass(monitor)
        #expect(probe.looks == 2)
    }

    @Test("O35: parts that are added later are watched, and what someone tells of is there")
    func later() async {
        let monitor = monitor([check(Probe("store"))])
        await pass(monitor)
        monitor.watch(check(Probe("chat", .unhealthy), critical: false))
        await pass(monitor)
        #expect(monitor.report()["chat"]?.level == .unhealthy && monitor.report().level == .degraded)
        monitor.note(
            ComponentHealth(name: "settings", level: .degraded, detail: "the last good", isEssential: false))
        clock.advance(by: .seconds(9_000))
        #expect(monitor.report()["settings"]?.level == .degraded)
    }

    @Test("O35: dependents are told with the part from which the trouble comes, and so are the changes")
    func cause() async {
        let disk = Probe("disk")
        let monitor = monitor([
            check(Probe("store"), needs: ["disk"]), check(disk, pace: .certain),
            check(Probe("mail", .unhealthy), critical: false),
        ])
        await pass(monitor)
        #expect(monitor.report().level == .degraded && monitor.readiness.isReady)
        disk.be(.unhealthy)
        clock.advance(by: .seconds(11))
        await pass(monitor)
        let report = monitor.report()
        #expect(report["store"]?.verdict.cause == Self.name("disk"))
        #expect(report["store"]?.detail.hasPrefix("unhealthy because of disk:") == true)
        #expect(report.rootCauses == [Self.name("disk"), Self.name("mail")])
        let changes = monitor.history(limit: 3)
        #expect(changes.map { $0.part?.text ?? "system" } == ["system", "disk", "store"])
        #expect(changes[2].cause == Self.name("disk") && changes[0].level == .unhealthy)
    }

    @Test("O34: announced maintenance is told as such while it lasts, and no work is taken")
    func maintenance() async throws {
        let now = clock.now()
        let window = try #require(
            MaintenanceWindow(of: Self.name("store"), from: now + .seconds(60), to: now + .seconds(120)))
        let monitor = monitor([check(Probe("store"))], windows: [window])
        await pass(monitor)
        var levels: [HealthLevel] = []
        for _ in 0..<3 {
            levels.append(monitor.readiness.level)
            clock.advance(by: .seconds(61))
            await pass(monitor)
        }
        #expect(levels == [.healthy, .maintenance, .healthy])
    }

    @Test("O37: who follows is told how it is, then each change; after a drop what was missed, once")
    func following() async {
        let probe = Probe("store")
        let monitor = monitor([check(probe, pace: .certain)])
        let told = Mutex<[HealthFeedItem]>([])
        let subscription = monitor.follow(after: nil) { item in
            told.withLock { $0.append(item) }
            return true
        }
        await pass(monitor)
        #expect(told.withLock { $0.count } == 3)
        guard case .status(.unknown, number: 0, at: _)? = told.withLock({ $0.first }) else {
            Issue.record("the present comes first")
            return
        }
        let missed = Mutex<[Int64]>([])
        @Sendable func note(_ item: HealthFeedItem) -> Bool {
            if case .changed(let change) = item { missed.withLock { $0.append(change.number) } }
            return true
        }
        let other = monitor.follow(after: 1, deliver: note)
        probe.be(.unhealthy)
        clock.advance(by: .seconds(11))
        await pass(monitor)
        #expect(missed.withLock { $0 } == [2, 3, 4])
        #expect(monitor.activity.followers == 2)
        withExtendedLifetime((subscription, other)) {}
    }

    @Test("O37: a number of before a restart begins anew, and a follower that is let go of is told nothing")
    func followingAnew() async {
        let monitor = monitor([check(Probe("store"))])
        let items = Mutex(0)
        do {
            let subscription = monitor.follow(after: 99) { _ in
                items.withLock { $0 += 1 }
                return true
            }
            withExtendedLifetime(subscription) {}
        }
        await pass(monitor)
        #expect(items.withLock { $0 } == 1)
    }

    @Test("O37: starting twice does not look twice as often, and stopping gives up what is under way")
    func startTwice() async {
        let probe = Probe("store", nil)
        let monitor = monitor([check(probe)])
        #expect(monitor.start() && !monitor.start() && monitor.isRunning)
        while !probe.isHanging { await Task.yield() }
        #expect(monitor.stop() && !monitor.stop() && !monitor.isRunning)
        #expect(monitor.activity.activeLooks == 0)
        #expect(probe.looks == 1)
        probe.letGo()
        probe.be(.healthy)
        #expect(monitor.start())
        while monitor.report().level != .healthy { await Task.yield() }
        #expect(probe.looks == 2)
        monitor.stop()
    }

    @Test("O37: it runs until its task is cancelled")
    func run() async {
        let monitor = monitor([check(Probe("store"))])
        let task = Task { await monitor.run() }
        while !monitor.readiness.isReady { await Task.yield() }
        task.cancel()
        await task.value
        #expect(!monitor.isRunning)
    }

    @Test("O36: a server that is about to end takes no more work, however well it is")
    func leaving() async {
        let monitor = monitor([check(Probe("store"))])
        await pass(monitor)
        monitor.leave()
        #expect(monitor.readiness.isStarted && !monitor.readiness.isReady)
        #expect(monitor.report().level == .healthy)
    }
}

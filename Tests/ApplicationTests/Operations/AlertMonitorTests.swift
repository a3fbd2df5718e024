import Application
import Domain
import Synchronization
import Testing

@Suite("Watching for alerts") struct AlertMonitorTests {
    /// Numbers that a test sets, with a monitor over them.
    private final class World: Sendable {
        let clock = InMemoryClock()
        let numbers = Mutex<[String: [AlertTarget: Double]]>([:])
        let restarts = Mutex<[String]>([])

        func monitor(_ rules: [AlertRule] = AlertRule.defaults) -> AlertMonitor {
            AlertMonitor(
                rules, numbers: { [self] _ in numbers.withLock { $0 } },
                restart: { [self] name in restarts.withLock { $0.append(name.text) } }, clock: clock,
                log: SilentLog())
        }

        /// Looks for so long at what is set.
        func look(_ monitor: AlertMonitor, for duration: Duration) {
            let end = clock.now() + duration
            repeat {
                monitor.look()
                clock.advance(by: AlertMonitor.period)
            } while clock.now() <= end
        }
    }

    private struct SilentLog: Log {
        var level: LogLevel { .error }
        func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {}
    }

    private static func target(_ labels: [String: String]) -> AlertTarget { AlertTarget(labels) }

    /// What makes each of the rules fire that a server comes with: series by name, at each look.
    private static let causes: [(rule: String, numbers: @Sendable (Int) -> [String: [AlertTarget: Double]])] =
        [
            ("part_unhealthy", { _ in ["status": [target(["service": "disk", "status": "unhealthy"]): 1]] }),
            ("part_degraded", { _ in ["status": [target(["service": "disk", "status": "degraded"]): 1]] }),
            (
                "requests_fail",
                { ["failed_requests": [AlertTarget(): Double($0 * 10)]] }
            ),
            (
                "requests_slow",
                {
                    [
                        "cutroom_http_request_duration_seconds_sum": [
                            target(["route": "/"]): Double($0 * 60)
                        ],
                        "cutroom_http_request_duration_seconds_count": [
                            target(["route": "/"]): Double($0 * 10)
                        ],
                    ]
                }
            ),
            ("memory_high", { _ in ["memory_used_ratio": [target(["service": "memory"]): 0.9]] }),
            ("cpu_high", { _ in ["cpu_used_ratio": [target(["service": "cpu"]): 0.95]] }),
            (
                "disk_low",
                { _ in
                    [
                        "disk_free_bytes": [target(["service": "disk"]): 10],
                        "disk_reserve_bytes": [target(["service": "disk"]): 9],
                    ]
                }
            ),
            ("queue_late", { _ in ["queue_oldest_seconds": [target(["service": "queue"]): 700]] }),
            (
                "service_rests",
                { _ in ["cutroom_upstream_breaker": [target(["upstream": "chat", "state": "open"]): 1]] }
            ),
            (
                "memory_leaks",
                { ["memory_used_ratio": [target(["service": "memory"]): 0.55 + Double($0) * 0.002]] }
            ),
        ]

    @Test("O41: each rule that a server comes with can fire, and be resolved", arguments: causes.map(\.rule))
    func defaults(rule: String) throws {
        #expect(Set(AlertRule.defaults.map(\.name)) == Set(Self.causes.map(\.rule)))
        let cause = try #require(Self.causes.first { $0.rule == rule })
        let world = World()
        let monitor = world.monitor()
        func events() throws -> [String] {
            try ListAlertChanges(monitor)(by: .local).filter { $0.rule == rule }.map(\.kind.name)
        }
        for look in 0..<120 {
            world.numbers.withLock { $0 = cause.numbers(look) }
            world.look(monitor, for: .zero)
        }
        #expect(try events().contains("fired"))
        world.numbers.withLock { $0 = [:] }
        world.look(monitor, for: .seconds(600))
        #expect(try events().first == "resolved")
    }

    @Test("O39: of a server that nobody measures no rule fires")
    func nothing() throws {
        let world = World()
        let monitor = world.monitor()
        world.look(monitor, for: .seconds(1800))
        #expect(try ListAlertChanges(monitor)(by: .local).isEmpty)
        #expect(try ListAlerts(monitor)(by: .local).allSatisfy { $0.targets.isEmpty })
    }

    @Test("O40: a part that is unhealthy is restarted, with a pause, and not without end")
    func restarts() throws {
        let world = World()
        let monitor = world.monitor()
        for _ in 0..<8 {
            world.numbers.withLock {
                $0 = ["status": [Self.target(["service": "worker", "status": "unhealthy"]): 1]]
            }
            world.look(monitor, for: .seconds(60))
            world.numbers.withLock { $0 = [:] }
            world.look(monitor, for: .seconds(300))
        }
        #expect(
            world.restarts.withLock { $0 }
                == [String](repeating: "worker", count: AlertMonitor.restartsPerHour))
        let skipped = try ListAlertChanges(monitor)(by: .local).filter { $0.kind.name == "skipped" }
        #expect(skipped.contains { $0.kind.detail == "no restarts are left this hour" })
    }

    @Test("O40: what cannot be done here says so, and a silenced rule does nothing but is still seen")
    func actions() throws {
        let world = World()
        let rule = AlertRule(
            "busy", when: try AlertExpression("cpu_used_ratio > 90 %"), for: .zero, severity: .warning,
            summary: "It is busy.", actions: [.init(name: "scale_up"), .notify])
        let monitor = world.monitor([rule])
        world.numbers.withLock { $0 = ["cpu_used_ratio": [Self.target(["service": "cpu"]): 1]] }
        monitor.look()
        #expect(
            try ListAlertChanges(monitor)(by: .local).map(\.kind) == [.unsupported("scale_up"), .fired])
        world.numbers.withLock { $0 = [:] }
        monitor.look()
        _ = try SilenceAlert(monitor, clock: world.clock)("busy", for: .seconds(3600), by: .local)
        world.numbers.withLock { $0 = ["cpu_used_ratio": [Self.target(["service": "cpu"]): 1]] }
        monitor.look()
        #expect(try ListAlertChanges(monitor)(by: .local).first?.kind == .skipped("silenced"))
        let standing = try #require(try ListAlerts(monitor)(by: .local).first)
        #expect(standing.targets.first?.state.phase == .firing)
        #expect(throws: NotFound.alert) {
            try SilenceAlert(monitor, clock: world.clock)("none", for: .seconds(1), by: .local)
        }
    }

    @Test("O39: targets fire and are resolved each by itself")
    func targets() throws {
        let world = World()
        let rule = AlertRule(
            "full", when: try AlertExpression("used > 1"), for: .zero, severity: .error,
            summary: "It is full.")
        let monitor = world.monitor([rule])
        world.numbers.withLock {
            $0 = ["used": [Self.target(["service": "a"]): 2, Self.target(["service": "b"]): 2]]
        }
        monitor.look()
        world.numbers.withLock {
            $0 = ["used": [Self.target(["service": "a"]): 2, Self.target(["service": "b"]): 0]]
        }
        monitor.look()
        let phases = try #require(try ListAlerts(monitor)(by: .local).first).targets.map {
            "\($0.target.labels["service"] ?? "") \($0.state.phase.rawValue)"
        }
        #expect(Set(phases) == ["a firing", "b resolved"])
        #expect(
            try EvaluateExpression(monitor)("used >= 0", by: .local).count == 2)
    }
}

@Suite("Watching where numbers go") struct TrendWatchTests {
    @Test("O43: what fills up is foretold with the part, the time that is left and how sure that is")
    func foretold() async throws {
        let clock = InMemoryClock()
        let monitor = HealthMonitor([], clock: clock, random: SeededRandomSource(seed: 1), steady: { 0 })
        let trends = TrendWatch(TrendWatch.Subject.ordinary, of: monitor, clock: clock)
        func minute(_ used: Double) {
            monitor.note(
                ComponentHealth(
                    name: "memory", level: .healthy, detail: "", isEssential: false,
                    measurements: [HealthMeasurement("used_ratio", used, .ratio)]))
            trends.look()
            clock.advance(by: TrendWatch.period)
        }
        for index in 0..<80 { minute(0.3 + Double(index) * 0.005) }
        let forecast = try #require(trends.current().first)
        #expect(forecast.service.text == "memory" && forecast.metric == "used_ratio")
        #expect(forecast.clearedAt == nil && forecast.confidence > 0.9)
        // From 0.695 to 0.95 in steps of 0.005.
        #expect(abs(try #require(forecast.timeLeft).inSeconds / 60 - 51) < 2)
        for _ in 0..<200 { minute(0.3) }
        #expect(trends.current().allSatisfy { $0.clearedAt != nil })
    }
}

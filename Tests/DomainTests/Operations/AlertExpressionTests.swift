import Domain
import Testing

@Suite("Expressions of alerts") struct AlertExpressionTests {
    /// A few series of two parts.
    private struct Source: SeriesSource {
        static let disk = AlertTarget(["service": "disk"])
        static let chat = AlertTarget(["service": "chat"])

        func current(_ name: String) -> [AlertTarget: Double] {
            switch name {
            case "errors": [Self.disk: 12, Self.chat: 40]
            case "response_time": [Self.disk: 1.5]
            case "limit": [AlertTarget(): 20]
            case "status": [AlertTarget(["service": "disk", "status": "unhealthy"]): 1]
            default: [:]
            }
        }

        func past(_ name: String, within window: Duration) -> [AlertTarget: [TimedValue]] {
            guard name != "missing" else { return [:] }
            // 0, 1, 2, … one a second; a counter is restarted after its fifth.
            let values = (0..<10).map { second in
                TimedValue(
                    at: Timestamp(milliseconds: Int64(second) * 1000),
                    value: Double(name == "restarted" ? second % 5 : second))
            }
            return [Self.disk: values]
        }
    }

    private static func value(_ text: String) throws -> [AlertTarget: Double] {
        try AlertExpression(text).value(from: Source())
    }

    @Test(
        "O39: a comparison keeps the targets for which it is true",
        arguments: [
            ("errors > 10", ["disk", "chat"]), ("errors > 12", ["chat"]), ("errors >= 12", ["disk", "chat"]),
            ("errors < 10", []), ("errors == 12", ["disk"]), ("errors != 12", ["chat"]),
            ("errors > limit", ["chat"]), ("errors > limit - 10", ["disk", "chat"]),
            ("response_time > 1.0", ["disk"]), ("response_time > 1000 ms", ["disk"]),
            ("errors{service=\"disk\"} > 1", ["disk"]), ("errors{service!='disk'} > 1", ["chat"]),
            ("errors > 10 and response_time > 1", ["disk"]),
            ("errors > 10 and not response_time > 1", ["chat"]),
            ("response_time > 1 or errors > 30", ["disk", "chat"]),
            ("errors > 5 and status == 'unhealthy'", ["disk"]), ("status == 'healthy'", []),
        ] as [(String, [String])])
    func comparison(text: String, services: [String]) throws {
        #expect(try Set(Self.value(text).keys.compactMap { $0.labels["service"] }) == Set(services))
    }

    @Test(
        "O39: what nobody measures is never zero: nothing is true of it",
        arguments: [
            "missing < 5", "missing == 0", "missing > 5", "avg_over(missing, 5m) < 1",
            "errors > 1 and missing < 1",
            "errors / missing > 0", "errors / 0 > 0", "absent(errors)", "predict(missing, 1h, 1h) < 1",
        ])
    func missing(text: String) throws {
        #expect(try Self.value(text).isEmpty)
    }

    @Test(
        "O39: functions look back over a window",
        arguments: [
            ("avg_over(memory, 10s)", 4.5), ("max_over(memory, 10s)", 9), ("min_over(memory, 10s)", 0),
            ("rate(memory, 10s)", 1), ("rate(restarted, 10s)", 8.0 / 9), ("quantile(0.5, memory, 10s)", 4.5),
            ("quantile(1, memory, 10s)", 9), ("predict(memory, 10 s, 1 m)", 69), ("absent(missing)", 1),
            ("2 + 3 * 4 - 6 / 2", 11), ("(2 + 3) * 4", 20), ("-5 + 80 %", -4.2), ("2 GiB", 2_147_483_648),
            ("1e3 + 0.5", 1000.5), ("not missing > 1", 1),
        ] as [(String, Double)])
    func functions(text: String, expected: Double) throws {
        let values = try Self.value(text).values
        #expect(values.count == 1)
        #expect(try abs(#require(values.first) - expected) < 1e-9)
    }

    @Test(
        "O39: a fault is told with its place",
        arguments: [
            ("errors >", 8), ("", 0), ("errors > 5 zz", 11), ("1 < 2 < 3", 7), ("foo(1)", 0),
            ("avg_over(", 9),
            ("avg_over(a)", 10), ("a == 'x", 7), ("1e999", 0), ("errors > 1 errors", 11), ("a{b}", 3),
            ("5 == 'text'", 5), ("quantile(2, a, 5m)", 9), ("avg_over(a, 31 d)", 12), ("(1", 2), ("and", 0),
        ])
    func faults(text: String, position: Int) {
        #expect { try AlertExpression(text) } throws: { error in
            (error as? AlertSyntaxError)?.position == position
        }
    }

    @Test(
        "whatever is nested or long ends with a fault, not with the program",
        arguments: [
            String(repeating: "(", count: 900), String(repeating: "-", count: 900),
            String(repeating: "not ", count: 240) + "1", String(repeating: "a or ", count: 300),
        ])
    func depth(text: String) {
        #expect(throws: AlertSyntaxError.self) { try AlertExpression(text) }
    }

    @Test("it says which series it needs, and how far back")
    func series() throws {
        let expression = try AlertExpression("avg_over(a, 5m) > 1 or max_over(a, 10m) > b and absent(c)")
        #expect(expression.series == ["a": .seconds(600), "b": .zero, "c": .zero])
    }
}

@Suite("States of alerts") struct AlertStateTests {
    private static func rule(hold: Int = 0, keep: Int = 0) throws -> AlertRule {
        AlertRule(
            "busy", when: try AlertExpression("cpu > 90 %"), for: .seconds(hold), keepFiring: .seconds(keep),
            severity: .warning, summary: "It is busy.")
    }

    /// The phases at looks ten seconds apart.
    private static func phases(_ looks: [Bool], under rule: AlertRule) -> [AlertState.Phase] {
        var state = AlertState(at: Timestamp(milliseconds: 0))
        return looks.enumerated().map { index, isTrue in
            _ = state.observe(
                isTrue ? 1 : nil, under: rule, at: Timestamp(milliseconds: Int64(index) * 10_000))
            return state.phase
        }
    }

    @Test("O39: it fires once it was true at every look for as long as it must be, not at the first")
    func holding() throws {
        #expect(
            try Self.phases([true, true, true, true], under: Self.rule(hold: 30))
                == [.pending, .pending, .pending, .firing])
        #expect(try Self.phases([true], under: Self.rule()) == [.firing])
    }

    @Test("O39: one look at which it is not true begins all anew while it is pending")
    func interrupted() throws {
        #expect(
            try Self.phases([true, true, false, true, true, true], under: Self.rule(hold: 20))
                == [.pending, .pending, .inactive, .pending, .pending, .firing])
    }

    @Test("O39: it is resolved, at once or after it was otherwise for long enough, and may fire again")
    func resolving() throws {
        #expect(
            try Self.phases([true, false, true], under: Self.rule()) == [.firing, .resolved, .firing])
        #expect(
            try Self.phases([true, false, true, false, false, false], under: Self.rule(keep: 20))
                == [.firing, .firing, .firing, .firing, .firing, .resolved])
    }

    @Test("O39: each change is told once")
    func events() throws {
        var state = AlertState(at: Timestamp(milliseconds: 0))
        let rule = try Self.rule()
        let told = [2.0, 3, nil, nil, 4].enumerated().map { index, value in
            state.observe(value, under: rule, at: Timestamp(milliseconds: Int64(index) * 1000))
        }
        #expect(told == [.fired, nil, .resolved, nil, .fired])
        #expect(state.value == 4)
        #expect(state.count == 2)
    }
}

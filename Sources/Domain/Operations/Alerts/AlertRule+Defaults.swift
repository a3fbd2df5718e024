extension AlertRule {
    /// The rules that a server comes with; each can fire, and a test makes each fire and be resolved.
    ///
    /// What nobody measures fires none of them.
    public static let defaults: [AlertRule] = definitions.compactMap { definition in
        // A definition that cannot be read is missing here, which a test would see.
        guard let expression = try? AlertExpression(definition.when) else { return nil }
        return AlertRule(
            definition.name, when: expression, for: .seconds(definition.hold), keepFiring: .seconds(30),
            cooldown: .seconds(definition.cooldown), severity: definition.severity,
            summary: definition.summary, actions: definition.actions)
    }

    private struct Definition {
        let name: String
        let when: String
        let hold: Int
        var cooldown = 300
        let severity: Severity
        let summary: String
        var actions: [Action] = [.notify]
    }

    private static let definitions = [
        Definition(
            name: "part_unhealthy", when: "status == 'unhealthy'", hold: 30, severity: .critical,
            summary: "A part does not do its work.", actions: [.restart, .notify]),
        Definition(
            name: "part_degraded", when: "status == 'degraded'", hold: 600, severity: .warning,
            summary: "A part has not been as it should be for ten minutes."),
        Definition(
            name: "requests_fail",
            when: "rate(failed_requests, 5m) > 0.1", hold: 60,
            severity: .error, summary: "The server fails more than six requests a minute."),
        Definition(
            name: "requests_slow",
            when: """
                rate(cutroom_http_request_duration_seconds_sum, 5m) \
                / rate(cutroom_http_request_duration_seconds_count, 5m) > 5 s
                """, hold: 120, severity: .warning,
            summary: "A route takes more than five seconds on average."),
        Definition(
            name: "memory_high", when: "avg_over(memory_used_ratio, 3m) > 80 %", hold: 180,
            severity: .warning, summary: "The process uses more than four fifths of its memory."),
        Definition(
            name: "cpu_high", when: "avg_over(cpu_used_ratio, 2m) > 90 %", hold: 120, severity: .error,
            summary: "The process uses nearly all of its processor time."),
        Definition(
            name: "disk_low", when: "disk_free_bytes < 2 * disk_reserve_bytes", hold: 60, severity: .error,
            summary: "New work is refused soon, since the disk is nearly full."),
        Definition(
            name: "queue_late", when: "queue_oldest_seconds > 10 m", hold: 60, severity: .warning,
            summary: "Jobs have waited for a worker for more than ten minutes."),
        Definition(
            name: "service_rests", when: "cutroom_upstream_breaker{state=\"open\"} == 1", hold: 120,
            severity: .warning, summary: "A service has failed so often that it is left alone."),
        Definition(
            name: "memory_leaks",
            when: "predict(memory_used_ratio, 1 h, 1 h) > 95 % and memory_used_ratio > 50 %", hold: 300,
            cooldown: 3600, severity: .warning,
            summary: "The process will have used up its memory within an hour, as it goes."),
    ]
}

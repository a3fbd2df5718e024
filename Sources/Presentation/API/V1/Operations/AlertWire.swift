internal import Application
internal import Domain

/// How alerts stand on the wire.
enum AlertWire {
    private static let number = JSONOutput<Double>(.number(nil, nil)) { $1.number($0) }
    private static let labels = JSONOutput<[String: String]>.map(of: .text)

    static let list = JSONOutput<[AlertStanding]>.object(
        "Alerts", "The rules of alerts, and where each stands.",
        [JSONField("items", .list(of: rule), "In the order in which they are asked.") { $0 }])

    private static let rule = JSONOutput<AlertStanding>.object(
        "Alert", "A rule of alerts, and where it stands.",
        [
            JSONField("name", .text, "Its name.", example: "disk_low") { $0.rule.name },
            JSONField("expression", .text, "When it is the matter.") { $0.rule.expression.text },
            JSONField("for_s", .count, "For how many seconds it must be so.", example: 60) {
                Int($0.rule.hold.inSeconds)
            },
            JSONField("severity", .name, "How bad it is.", example: "warning") { $0.rule.severity },
            JSONField("summary", .text, "What it means.") { $0.rule.summary },
            JSONField("actions", .list(of: .text), "What is done when it fires.") {
                $0.rule.actions.map(\.name)
            },
            JSONField("silenced_until", .nullable(.moment), "Until when it does nothing.") {
                $0.silencedUntil
            },
            JSONField("targets", .list(of: target), "What it has something to say about.") { $0.targets },
        ])

    private static let target = JSONOutput<(target: AlertTarget, state: AlertState)>.object(
        "AlertTarget", "Where a rule stands for one target.",
        [
            JSONField("labels", labels, "The target; nothing for the program as a whole.") {
                $0.target.labels
            },
            JSONField("state", .name, "Where it stands.", example: "firing") { $0.state.phase },
            JSONField("since", .moment, "Since when.") { $0.state.since },
            JSONField("value", .nullable(number), "The number at the last look at which it was true.") {
                $0.state.value
            },
            JSONField("fired_at", .nullable(.moment), "When it fired last.") { $0.state.firedAt },
            JSONField("count", .count, "How often it has fired.", example: 1) { $0.state.count },
        ])

    static let changes = JSONOutput<[AlertChange]>.object(
        "AlertChanges", "What has happened to alerts.",
        [JSONField("items", .list(of: change), "Newest first.") { $0 }])

    private static let change = JSONOutput<AlertChange>.object(
        "AlertChange", "Something that happened to an alert.",
        [
            JSONField("alert", .text, "The rule.", example: "disk_low") { $0.rule },
            JSONField("severity", .name, "How bad it is.", example: "error") { $0.severity },
            JSONField("labels", labels, "What it is about.") { $0.target.labels },
            JSONField(
                "event", .text, "fired, resolved, acted, skipped, unsupported or failed.", example: "fired"
            ) { $0.kind.name },
            JSONField("detail", .nullable(.text), "What was done, or why it was not.") { $0.kind.detail },
            JSONField("value", .nullable(number), "The number that made it so.") { $0.value },
            JSONField("at", .moment, "When.") { $0.at },
        ])

    static let values = JSONOutput<[AlertTarget: Double]>.object(
        "ExpressionValues", "What an expression says now.",
        [JSONField("items", .list(of: value), "By target.") { $0.map { (target: $0.key, value: $0.value) } }])

    private static let value = JSONOutput<(target: AlertTarget, value: Double)>.object(
        "ExpressionValue", "What an expression says about one target.",
        [
            JSONField("labels", labels, "The target; nothing for the program as a whole.") {
                $0.target.labels
            },
            JSONField("value", number, "The number.") { $0.value },
        ])

    static let silence = JSONOutput<(name: String, until: Timestamp)>.object(
        "AlertSilence", "For how long a rule does nothing.",
        [
            JSONField("name", .text, "The rule.", example: "disk_low") { $0.name },
            JSONField("until", .moment, "When it ends.") { $0.until },
        ])

    static let expression: JSONInput<String> = .object(
        "ExpressionInput", "An expression of alerts.",
        JSONInputField<String>.required(
            "expression", .text(length: 1...AlertExpression.maximumLength), "The expression.",
            example: "disk_free_bytes < 2 GiB")
    ) { text throws(Faults) in text }

    static let duration: JSONInput<Int> = .object(
        "SilenceInput", "For how long a rule does nothing.",
        JSONInputField<Int>.required(
            "duration_s", .integer(0...Int(SilenceAlert.longest.inSeconds)), "For how many seconds.",
            example: 3600)
    ) { seconds throws(Faults) in seconds }
}

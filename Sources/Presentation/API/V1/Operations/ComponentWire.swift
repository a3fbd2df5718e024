internal import Application
internal import Domain

/// How the parts of the process stand on the wire.
enum ComponentWire {
    static let component = JSONOutput<ComponentFinding>.object(
        "Component", "A part of the process.",
        [
            JSONField("name", .text, "What it is called.", example: "store") {
                $0.status.description.name.text
            },
            JSONField("version", .text, "Its version.", example: "0.1.0") { $0.status.description.version },
            JSONField("description", .text, "What it is for.") { $0.status.description.summary },
            JSONField("state", .name, "Where it stands.", example: "running") {
                $0.status.lifecycle.state.name
            },
            JSONField("since", .moment, "Since when.") { $0.status.lifecycle.since },
            JSONField(
                "health", .nullable(health), "How well it says that it is; null where it cannot say."
            ) { $0.health },
            JSONField("dependencies", .list(of: need), "What it needs.") {
                $0.status.description.dependencies
            },
            JSONField("dependents", .list(of: need), "Who needs it.") { $0.status.dependents },
            JSONField("critical", .truth, "Whether the program cannot go on without it.") {
                $0.status.description.isCritical
            },
            JSONField("activation", .name, "When it is started.", example: "eager") {
                $0.status.description.activation
            },
            JSONField("restartable", .truth, "Whether it can be restarted alone.") {
                $0.status.isRestartable
            },
            JSONField("restarts", .count, "How often it was started again.", example: 0) {
                $0.status.lifecycle.restarts
            },
            JSONField("start_ms", .nullable(.count), "How many milliseconds its last start took.") {
                $0.status.lifecycle.startTime?.wholeMilliseconds
            },
            JSONField("last_error", .nullable(fault), "Its latest fault.") {
                $0.status.lifecycle.lastFault
            },
            JSONField("because_of", .list(of: .text), "The components to blame for what it cannot do.") {
                $0.status.becauseOf.map(\.text)
            },
        ])

    static let list = JSONOutput<[ComponentFinding]>.list(of: component)

    static let graph = JSONOutput<ComponentPlan>.object(
        "ComponentGraph", "In which order the parts of the process start.",
        [
            JSONField("order", .list(of: .text), "An order in which they can be started one by one.") {
                $0.order.map(\.text)
            },
            JSONField("levels", .list(of: .list(of: .text)), "Those that can be started side by side.") {
                $0.levels.map { $0.map(\.text) }
            },
            JSONField(
                "critical_path", .list(of: .text), "The chain of components that takes longest to start."
            ) { $0.criticalPath.map(\.text) },
            JSONField("critical_path_ms", .count, "How many milliseconds that chain takes.") {
                $0.criticalTime.wholeMilliseconds
            },
        ])

    private static let need = JSONOutput<ComponentDependency>.object(
        "ComponentDependency", "One component and how much another needs it.",
        [
            JSONField("name", .text, "The component.", example: "store") { $0.name.text },
            JSONField("kind", .name, "How much it is needed.", example: "required") { $0.kind },
        ])

    private static let health = JSONOutput<ComponentHealth>.object(
        "ComponentCondition", "How well a component says that it is.",
        [
            JSONField("status", .name, "How well it is.", example: "healthy") { $0.level },
            JSONField("detail", .text, "What was found.") { $0.detail },
        ])

    private static let fault = JSONOutput<ComponentFault>.object(
        "ComponentFault", "Why a component did not run.",
        [
            JSONField("code", .name, "What kind of fault it was.", example: "start_failed") { $0.kind },
            JSONField("message", .text, "What happened.") { $0.reason },
        ])
}

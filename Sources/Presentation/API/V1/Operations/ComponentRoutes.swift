internal import Application
internal import Domain

/// Looking at the parts of the process, and restarting them.
struct ComponentRoutes: Sendable {
    private let can: ComponentCapabilities
    private let administrators: Access<Caller>

    init(_ capabilities: Capabilities) {
        can = capabilities.components
        administrators = capabilities.callers(.admin)
    }

    var all: [Route] { [list, graph, show, restart] }

    private static let name = Parameter<ComponentName>.path(
        "name", .string(length: 1...63, pattern: "^[a-z][a-z0-9_.-]*$"), "The component.", example: "store"
    ) { ComponentName($0) }

    private var list: Route {
        Route(
            .get, "/api/v1/operations/components", for: administrators,
            Operation(
                "listComponents", tag: "operations", "List the parts of this process, as they are started",
                doc: "Where each stands, what it needs, and because of whom it is not as it should be.",
                responses: [
                    .json(
                        .ok, "The components.", ComponentWire.list,
                        links: ["getComponent", "restartComponent"].map {
                            Link(to: $0, [("name", "$response.body#/0/name")])
                        })
                ])
        ) { _, caller in
            .json(.ok, ComponentWire.list, try await can.list(by: caller), capacity: 16_384)
        }
    }

    private var show: Route {
        Route(
            .get, "/api/v1/operations/components/{name}", for: administrators,
            Operation(
                "getComponent", tag: "operations", "Show a part of this process",
                responses: [.json(.ok, "The component.", ComponentWire.component)]),
            Self.name
        ) { _, caller, name in
            .json(.ok, ComponentWire.component, try await can.list(name, by: caller))
        }
    }

    private var restart: Route {
        Route(
            .post, "/api/v1/operations/components/{name}:restart", for: administrators,
            Operation(
                "restartComponent", tag: "operations", "Restart a part of this process",
                doc: """
                    It is stopped and started again, and so are those that cannot work without it. The answer does \
                    not wait for that; where the component stands afterwards is shown under its address.
                    """,
                responses: [.json(.accepted, "It was begun.", ComponentWire.component)],
                problems: [.componentNotRestartable, .componentHeld, .componentBusy, .componentEnding]),
            Self.name
        ) { _, caller, name in
            try can.restart(name, by: caller)
            return .json(.accepted, ComponentWire.component, try await can.list(name, by: caller))
        }
    }

    private var graph: Route {
        Route(
            .get, "/api/v1/operations/components/graph", for: administrators,
            Operation(
                "getComponentGraph", tag: "operations", "Show in which order the parts of this process start",
                responses: [.json(.ok, "The order, and what makes it wait.", ComponentWire.graph)])
        ) { _, caller in
            .json(.ok, ComponentWire.graph, try can.graph(by: caller))
        }
    }
}

extension ProblemKind {
    static let componentNotRestartable = named("component_not_restartable")
    static let componentHeld = named("component_held")
    static let componentBusy = named("component_busy")
    static let componentEnding = named("component_ending")
}

extension Problem {
    /// Something that cannot be done to a part of the process.
    init(_ error: ComponentError) {
        switch error {
        case .notRestartable: self.init(.componentNotRestartable, error.explanation)
        case .heldByOthers: self.init(.componentHeld, error.explanation)
        case .busy: self.init(.componentBusy, error.explanation)
        case .ending: self.init(.componentEnding, error.explanation)
        }
    }
}

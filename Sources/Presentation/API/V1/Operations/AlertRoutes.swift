internal import Application
internal import Domain

/// Looking at alerts, and keeping them quiet.
struct AlertRoutes: Sendable {
    private let can: AlertCapabilities
    private let administrators: Access<Caller>

    init(_ can: AlertCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>) {
        self.can = can
        administrators = callers(.admin)
    }

    var all: [Route] { [list, history, evaluate, silence] }

    private static let root = "/api/v1/operations/alerts"
    private static let name = Parameter<String>.path(
        "name", .string(length: 1...64, pattern: "^[a-z0-9_]+$"), "The rule.", example: "disk_low"
    ) { $0 }

    private var list: Route {
        Route(
            .get, Self.root, for: administrators,
            Operation(
                "listAlerts", tag: "operations", "List the rules of alerts, and where each stands",
                doc: "A rule has one state for each target about which its expression says something.",
                responses: [
                    .json(
                        .ok, "The rules.", AlertWire.list,
                        links: [Link(to: "silenceAlert", [("name", "$response.body#/items/0/name")])])
                ])
        ) { _, caller in .json(.ok, AlertWire.list, try can.list(by: caller), capacity: 8192) }
    }

    private var history: Route {
        Route(
            .get, "\(Self.root)/history", for: administrators,
            Operation(
                "listAlertChanges", tag: "operations", "List what has happened to alerts, newest first",
                doc:
                    "The last thousand changes of this process: what fired, what was resolved, what was done.",
                responses: [.json(.ok, "The changes.", AlertWire.changes)])
        ) { _, caller in .json(.ok, AlertWire.changes, try can.changes(by: caller), capacity: 8192) }
    }

    private var evaluate: Route {
        Route(
            .post, "\(Self.root)/evaluate", for: administrators,
            Operation(
                "evaluateExpression", tag: "operations", "Ask an expression what it says now",
                doc: "Nothing is changed. Windows reach back as far as the rules look at the same series.",
                responses: [.json(.ok, "Its numbers.", AlertWire.values)]),
            json: AlertWire.expression
        ) { _, caller, _, text in
            do throws(AlertSyntaxError) {
                _ = try AlertExpression(text)
            } catch {
                throw Problem(faults: [Fault(.body("/expression"), .badFormat, error.explanation)])
            }
            return .json(.ok, AlertWire.values, try can.evaluate(text, by: caller))
        }
    }

    private var silence: Route {
        Route(
            .post, "\(Self.root)/{name}:silence", for: administrators,
            Operation(
                "silenceAlert", tag: "operations", "Have a rule do nothing for a while",
                doc: "It is still seen where it stands. Zero seconds end a silence.",
                responses: [.json(.ok, "The silence.", AlertWire.silence)]),
            Self.name, json: AlertWire.duration
        ) { _, caller, _, seconds, name in
            let end = try can.silence(name, for: .seconds(seconds), by: caller)
            return .json(.ok, AlertWire.silence, (name: name, until: end))
        }
    }
}

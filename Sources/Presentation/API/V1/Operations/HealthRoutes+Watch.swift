internal import Application
internal import Domain

/// Following the changes, and telling the monitor to look or not to.
extension HealthRoutes {
    var history: Route {
        Route(
            .get, "/health/history", for: can.healthViewers,
            Operation(
                "getHealthHistory", tag: "health", "List the last changes, newest first",
                responses: tellings("The changes.", HealthChangeWire.history)),
            Parameter<Int>.query("limit", 1...1000, "How many at most.", default: 100)
        ) { _, viewer, limit in
            tell(
                viewer, .ok, health.monitor.report(), HealthChangeWire.history,
                HealthPast(
                    changes: health.monitor.history(limit: limit),
                    count: health.monitor.activity.transitions))
        }
    }

    var events: Route {
        Route(
            .get, "/health/events", for: can.healthViewers,
            Operation(
                "getHealthEvents", tag: "health", "Follow the changes, as server-sent events",
                doc: """
                    `status` at once, then `change` for each verdict that becomes another one; both carry an id, \
                    after which a client goes on. Who does not say who asks follows the whole alone.
                    """,
                responses: [
                    ResponseDeclaration(
                        .ok, "Events, each of which is like this.",
                        [BodyDeclaration.Content("text/event-stream", HealthChangeWire.event)])
                ]),
            Parameters.lastEventID
        ) { call, viewer, last in
            guard call.request.method != .head else {
                return HTTPResponse(
                    .ok, fields: ["Content-Type": "text/event-stream", "Cache-Control": "no-store"])
            }
            let channel = EventChannel()
            let subscription = health.monitor.follow(after: last) { item in
                guard let message = HealthChangeWire.message(item, for: viewer) else {
                    return !channel.isClosed
                }
                return channel.send(message)
            }
            // Closing may come from inside the feed, where the subscription must not end: it ends a little later.
            channel.onClose { Task { withExtendedLifetime(subscription) {} } }
            return .events(channel)
        }
    }

    func monitoring(_ verb: String) -> Route {
        let starts = verb == "start"
        return Route(
            .post, "/health/monitoring/\(verb)", for: can.callers(.admin),
            Operation(
                "\(verb)HealthMonitoring", tag: "health",
                starts ? "Look at the parts from now on" : "Look at no part any more",
                doc: "Asking for what is so already changes nothing.",
                responses: [.json(.ok, "It is done.", MonitoringWire.outcome)])
        ) { _, _ in
            let isNew = starts ? health.monitor.start() : health.monitor.stop()
            let state = starts ? "started" : "stopped"
            return .uncached(
                .ok, MonitoringWire.outcome,
                isNew ? "Monitoring has \(state)." : "Monitoring had \(state) before.")
        }
    }
}

internal import Application
internal import Domain
internal import Synchronization

/// Watching a task.
struct StreamRoutes: Sendable {
    private let can: Capabilities
    private let allowedOrigins: [String]

    init(_ capabilities: Capabilities, allowedOrigins: [String]) {
        can = capabilities
        self.allowedOrigins = allowedOrigins
    }

    var all: [Route] { [events("events", "getTaskEvents"), events("progress", "getTaskProgress"), socket] }

    private func events(_ name: String, _ operation: String) -> Route {
        Route(
            .get, "/api/v1/tasks/{id}/\(name)", for: can.callers(.tasksRead),
            Operation(
                operation, tag: "tasks", "Watch a task, as server-sent events",
                doc: """
                    `status` at once, then `progress`, `clip_ready` for each clip, and `close` when the task has \
                    ended, however it ended. `status`, `clip_ready` and `close` carry an id. Without `close` the \
                    stream ends when the caller is not let in any more.
                    """,
                responses: [
                    ResponseDeclaration(
                        .ok, "Events, each of which is like this.",
                        [BodyDeclaration.Content("text/event-stream", FeedWire.event)])
                ]),
            Parameters.task, Parameters.lastEventID
        ) { call, caller, id, last in
            guard call.request.method != .head else {
                _ = try can.getTask(id, by: caller)
                return HTTPResponse(.ok, fields: ["Content-Type": "text/event-stream"])
            }
            return .events(try follow(id, by: caller, after: last))
        }
    }

    private func follow(
        _ id: Identifier<VideoTask>, by caller: Caller, after last: Int64?
    ) throws -> EventChannel {
        let channel = EventChannel(capacity: Self.capacity)
        let subscription = try can.feed.follow(id, by: caller, after: last) { item in
            let isOpen = FeedWire.message(item).map { channel.send($0.serverSentEvent) } ?? false
            switch item {
            case .closed, .dismissed: channel.finish()
            case .status, .progress, .clipReady: break
            }
            return isOpen
        }
        if let subscription {
            // Closing may come from inside the feed, where the subscription must not end: it ends a little later.
            channel.onClose { Task { withExtendedLifetime(subscription) {} } }
        } else {
            channel.finish()
        }
        return channel
    }

    /// Enough for what may come of the longest task at once: a few clips with all that is said in them.
    private static let capacity = 256 * 1024

    private var socket: Route {
        Route(
            .get, "/api/v1/tasks/{id}/ws", for: can.callers(.tasksRead),
            Operation(
                "getTaskSocket", tag: "tasks", "Watch a task, over a WebSocket",
                doc: """
                    The same messages as over server-sent events: each text frame is a `TaskFrame`, which stands \
                    among the schemas. The end is close code 1000; 1008 when the caller is not let in any more.
                    """,
                responses: [ResponseDeclaration(.switchingProtocols, "The connection becomes a WebSocket.")],
                problems: [.upgradeRequired, .originNotAllowed], messages: [FeedWire.frame]),
            Parameters.task
        ) { call, caller, id in
            _ = try can.getTask(id, by: caller)
            let sameOrigin = WebSocketUpgrade.sameOrigin(as: call.request)
            return .webSocket(
                WebSocketUpgrade(
                    maximumMessage: 4096,
                    allowsOrigin: { [allowedOrigins] origin in
                        sameOrigin(origin) || allowedOrigins.contains { $0 == "*" || $0 == origin }
                    },
                    converse: { await converse($0, about: id, with: caller) }),
                for: call.request, refuse: call.refuse)
        }
    }

    @Sendable private func converse(
        _ socket: any WebSocket, about id: Identifier<VideoTask>, with caller: Caller
    ) async {
        do {
            let isReplay = Atomic(true)
            let subscription = try can.feed.follow(id, by: caller, after: nil) { item in
                let isOpen =
                    FeedWire.message(item).map {
                        socket.send($0.frame, isReplay: isReplay.load(ordering: .relaxed))
                    } ?? false
                switch item {
                case .closed: socket.close(.normal)
                case .dismissed: socket.close(.policyViolation)
                case .status, .progress, .clipReady: break
                }
                return isOpen
            }
            isReplay.store(false, ordering: .relaxed)
            while await socket.receive() != nil {}
            withExtendedLifetime(subscription) {}
        } catch is any CodedError {
            // The task was removed, or the caller kept out, since the handshake.
            socket.close(.policyViolation)
        } catch {
            socket.close(.internalError)
        }
    }
}

extension FeedWire.Message {
    /// The message as an event of a `text/event-stream`.
    fileprivate var serverSentEvent: [UInt8] {
        ServerSentEvent(
            event: event, id: id.map { String($0) }, data: String(decoding: data, as: UTF8.self)
        ).encoded
    }

    /// The message as the text of a WebSocket frame.
    fileprivate var frame: String {
        var text = "{\"event\":\"\(event)\","
        if let id { text += "\"id\":\(id)," }
        return text + "\"data\":" + String(decoding: data, as: UTF8.self) + "}"
    }
}

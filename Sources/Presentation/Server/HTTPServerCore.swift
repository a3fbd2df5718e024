import Synchronization

/// What the connections of a server share.
final class HTTPServerCore: Sendable {
    let configuration: HTTPServerConfiguration
    private let refuse: HTTPRejection
    let handler: HTTPHandler
    /// What connections that begin show of the server; nil where TLS is not spoken.
    let identity: Mutex<TLSIdentity?>
    let connections: Connections
    let watch: Watch
    let webSockets: WebSocketLoop
    private let exchanges = Atomic(0)
    private let stopping = Atomic(false)
    private let stopped = Atomic(false)
    private let changed = Wakeup()

    init(
        _ configuration: HTTPServerConfiguration, refuse: @escaping HTTPRejection,
        handler: @escaping HTTPHandler
    ) {
        self.configuration = configuration
        self.refuse = refuse
        self.handler = handler
        identity = Mutex(configuration.identity)
        connections = Connections(limit: configuration.maximumConnections)
        watch = Watch(configuration, connections)
        webSockets = WebSocketLoop(heartbeat: configuration.heartbeat)
    }

    /// Whether requests come by TLS.
    var isEncrypted: Bool { configuration.identity != nil }

    /// The answer to a request that comes to no handler.
    func refusal(of request: HTTPRequest, for fault: HeadFault) -> HTTPResponse {
        var response = refuse(request, fault.status, fault.code, fault.detail)
        if let seconds = fault.retryAfter { response.fields["Retry-After"] = String(seconds) }
        return response
    }

    /// Whether connections are to end behind the answer at hand.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// Whether nothing new may begin.
    var isStopped: Bool { stopped.load(ordering: .sequentiallyConsistent) }

    /// Lets nothing begin from now on.
    ///
    /// A request counts itself before it asks `isStopped`; so after this, waiting until idle leaves none out.
    func stopBeginning() {
        stopped.store(true, ordering: .sequentiallyConsistent)
    }

    /// Lets connections end behind their answers from now on.
    func beginStopping() {
        stopping.store(true, ordering: .relaxed)
    }

    /// How many requests are under way.
    var inFlight: Int { exchanges.load(ordering: .relaxed) }

    func exchangeBegan() {
        exchanges.add(1, ordering: .sequentiallyConsistent)
    }

    func exchangeEnded() {
        exchanges.subtract(1, ordering: .releasing)
        if isStopping { changed.ring() }
    }

    /// Waits until no request is under way; it blocks.
    ///
    /// - Returns: Whether that came about before the deadline.
    func waitUntilIdle(until deadline: Int64) -> Bool {
        while exchanges.load(ordering: .sequentiallyConsistent) > 0 {
            let left = deadline - monotonicMilliseconds()
            guard left > 0 else { return false }
            changed.wait(.milliseconds(min(left, 100)))
        }
        return true
    }
}

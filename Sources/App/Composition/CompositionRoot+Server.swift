import Application
import Infrastructure
import Presentation

extension CompositionRoot {
    /// The HTTP API over its use cases.
    ///
    /// - Parameters:
    ///   - accounts: Nil for a server on which everyone is the local user.
    ///   - health: What is told of the health of this process.
    ///   - keeper: Keeps the configuration.
    ///   - alerts: Watches for what operators want to be told of.
    ///   - runner: What runs the parts of this process.
    func api(
        _ accounts: AccountBackend?, health: HealthCapabilities, alerts: AlertMonitor,
        keeper: ConfigurationKeeper, over runner: ComponentRunner
    ) -> API {
        Backend(self, accounts: accounts, keeper: keeper).api(
            over: runner, health: health, alerts: alerts,
            observers: [RequestLog(log: telemetry.loggers.named("http"))],
            threats: threats, texts: texts)
    }

    /// The server that answers by an API; nothing listens yet.
    ///
    /// - Parameter identity: What it shows of itself; with one it speaks TLS alone.
    func server(_ api: API, identity: TLSIdentity? = nil) -> HTTPServer {
        var settings = HTTPServerConfiguration()
        settings.identity = identity
        settings.address = configuration[Settings.bind]
        settings.allowedHosts.formUnion(configuration[Settings.hosts].map { $0.lowercased() })
        if !settings.address.isWildcard { settings.allowedHosts.insert(settings.address.host) }
        settings.port = configuration[Settings.port]
        settings.maximumConnections = configuration[Settings.connectionLimit]
        settings.maximumBody = Int(configuration[Settings.uploadLimit])
        return HTTPServer(settings, refuse: api.service.refusal, handler: api.service.handle)
    }

    /// Takes orders.
    var submitTask: SubmitVideoTask { Backend(self).submitTask }

    /// Takes files.
    var receiveUpload: ReceiveUpload { Backend(self).receiveUpload }
}

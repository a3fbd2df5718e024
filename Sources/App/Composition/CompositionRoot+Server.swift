import Application
import Infrastructure
import Presentation

extension CompositionRoot {
    /// The HTTP API over its use cases; its health tells of the upstreams that are known by then.
    ///
    /// - Parameter accounts: Nil for a server on which everyone is the local user.
    func api(_ accounts: AccountBackend?) -> API {
        Backend(self, accounts: accounts).api(
            probes: probes, observers: [RequestLog(log: log)], threats: threats, texts: texts)
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

    private var probes: [any HealthProbe] {
        let programs = Requirement.programs.filter { $0.need != .extra }.map {
            ProgramProbe(name: $0.name, purpose: $0.purpose, isEssential: $0.isEssential)
        }
        return [StoreProbe(store: store), DiskProbe(folder: data.path, floor: FileMediaStore.defaultFloor)]
            + programs + upstreams.all
    }
}

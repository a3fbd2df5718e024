import Application
import Infrastructure
import Presentation

extension CompositionRoot {
    /// The HTTP API over its use cases.
    var api: API {
        Backend(self).api(probes: probes, observers: [RequestLog(log: log)])
    }

    /// The server that answers by an API; nothing listens yet.
    func server(_ api: API) -> HTTPServer {
        var settings = HTTPServerConfiguration()
        settings.address = configuration[Settings.bind] == "::1" ? .ipv6Loopback : .ipv4Loopback
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
            + programs
    }
}

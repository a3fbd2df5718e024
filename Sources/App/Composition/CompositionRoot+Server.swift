import Application
import Domain
import Infrastructure
import Presentation

extension CompositionRoot {
    /// The HTTP API over its use cases.
    func api(inspector: any MediaInspector) -> API {
        API(
            Capabilities(
                receiveUpload: receiveUpload(inspector), submitTask: submitTask,
                listTasks: ListVideoTasks(store: store), getTask: GetVideoTask(store: store),
                renameTask: RenameVideoTask(store: store),
                cancelTask: CancelVideoTask(store: store, clock: clock),
                resumeTask: ResumeVideoTask(store: store, identifiers: identifiers, clock: clock),
                deleteTask: DeleteVideoTask(store: store, media: media, feed: feed),
                getTranscript: GetTranscript(store: store), getClip: GetClip(store: store, media: media),
                getArchive: GetClipArchive(store: store, media: media), archiver: ZipArchiver(), feed: feed,
                listJobs: ListJobs(store: store), getJob: GetJob(store: store),
                retryJob: RetryJob(store: store, followers: followers, clock: clock),
                getStatistics: GetStatistics(store: store), checkHealth: checkHealth, catalog: catalog,
                digest: { ContentHash(digesting: $0) }),
            settings: API.Settings(
                version: Program.version, allowedOrigins: configuration[Settings.corsOrigins]),
            observers: [RequestLog(log: log)])
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
    var submitTask: SubmitVideoTask {
        SubmitVideoTask(store: store, catalog: catalog, identifiers: identifiers, clock: clock)
    }

    /// Takes files.
    func receiveUpload(_ inspector: any MediaInspector) -> ReceiveUpload {
        ReceiveUpload(
            store: store, media: media, inspector: inspector, identifiers: identifiers, clock: clock,
            limitBytes: configuration[Settings.uploadLimit])
    }

    private var checkHealth: CheckHealth {
        let programs = Requirement.programs.filter { $0.need != .extra }.map {
            ProgramProbe(name: $0.name, purpose: $0.purpose, isEssential: $0.isEssential)
        }
        return CheckHealth(
            probes: [
                StoreProbe(store: store), DiskProbe(folder: data.path, floor: FileMediaStore.defaultFloor),
            ] + programs,
            clock: clock)
    }
}

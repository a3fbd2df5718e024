import Application
import Domain
import Infrastructure
import Presentation

/// What the use cases of the API work with: the adapters of this process, or twins of them in memory.
struct Backend: Sendable {
    let configuration: Configuration
    let store: any Store
    let media: any MediaStore
    let catalog: any CaptionCatalog
    let feed: TaskFeed
    let identifiers: IdentifierMaker
    let clock: any WallClock
    let followers: JobFollowers

    /// The adapters of an open data folder.
    init(_ root: CompositionRoot) {
        configuration = root.configuration
        store = root.store
        media = root.media
        catalog = root.catalog
        feed = root.feed
        identifiers = root.identifiers
        clock = root.clock
        followers = root.followers
    }

    /// Twins that keep nothing, enough to describe the API.
    init(inMemory configuration: Configuration) throws {
        self.configuration = configuration
        clock = SystemClock()
        identifiers = IdentifierMaker(clock: clock, random: SystemRandomSource())
        store = InMemoryStore()
        media = InMemoryMediaStore(identifiers: identifiers)
        catalog = try FontconfigCaptionCatalog()
        feed = TaskFeed(store: store)
        followers = JobFollowers()
    }

    /// The HTTP API over the use cases.
    func api(probes: [any HealthProbe] = [], observers: [any RequestObserver] = []) -> API {
        API(
            Capabilities(
                authenticator: LocalAuthenticator(), receiveUpload: receiveUpload, submitTask: submitTask,
                listTasks: ListVideoTasks(store: store), getTask: GetVideoTask(store: store),
                renameTask: RenameVideoTask(store: store),
                cancelTask: CancelVideoTask(store: store, clock: clock),
                resumeTask: ResumeVideoTask(store: store, identifiers: identifiers, clock: clock),
                deleteTask: DeleteVideoTask(store: store, media: media, feed: feed),
                getTranscript: GetTranscript(store: store), getClip: GetClip(store: store, media: media),
                getArchive: GetClipArchive(store: store, media: media), archiver: ZipArchiver(), feed: feed,
                listJobs: ListJobs(store: store), getJob: GetJob(store: store),
                retryJob: RetryJob(store: store, followers: followers, clock: clock),
                getStatistics: GetStatistics(store: store),
                checkHealth: CheckHealth(probes: probes, clock: clock), catalog: catalog,
                digest: { ContentHash(digesting: $0) }),
            settings: API.Settings(
                version: Program.version, allowedOrigins: configuration[Settings.corsOrigins]),
            observers: observers)
    }

    /// Takes orders.
    var submitTask: SubmitVideoTask {
        SubmitVideoTask(store: store, catalog: catalog, identifiers: identifiers, clock: clock)
    }

    /// Takes files.
    var receiveUpload: ReceiveUpload {
        ReceiveUpload(
            store: store, media: media, inspector: FFprobeInspector(), identifiers: identifiers, clock: clock,
            limitBytes: configuration[Settings.uploadLimit])
    }
}

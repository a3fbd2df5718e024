import Application
import Domain
import Infrastructure
import Presentation

/// What the use cases of the API work with: the adapters of this process, or twins of them in memory.
final class Backend: Sendable {
    let configuration: Configuration
    let store: any Store
    let media: any MediaStore
    let catalog: any CaptionCatalog
    let feed: TaskFeed
    let identifiers: IdentifierMaker
    let clock: any WallClock
    let followers: JobFollowers
    let upstreams: Upstreams?
    let webhookSecrets: any WebhookSecrets
    /// Nil where there are no accounts.
    let accounts: AccountBackend?

    /// The adapters of an open data folder.
    init(_ root: CompositionRoot, accounts: AccountBackend? = nil) {
        self.accounts = accounts
        configuration = root.configuration
        store = root.store
        media = root.media
        catalog = root.catalog
        feed = root.feed
        identifiers = root.identifiers
        clock = root.clock
        followers = root.followers
        upstreams = root.upstreams
        webhookSecrets = root.webhookSecrets
    }

    /// Twins that keep nothing, enough to describe the API.
    init(inMemory invocation: Invocation) throws {
        configuration = invocation.configuration
        let clock = SystemClock()
        let store = InMemoryStore()
        let identifiers = IdentifierMaker(clock: clock, random: SystemRandomSource())
        self.clock = clock
        self.store = store
        self.identifiers = identifiers
        media = InMemoryMediaStore(identifiers: identifiers)
        catalog = try FontconfigCaptionCatalog()
        feed = TaskFeed(store: store)
        followers = JobFollowers()
        upstreams = nil
        webhookSecrets = InMemoryWebhookSecrets(random: SystemRandomSource())
        guard configuration[Settings.accounts] == .on else {
            accounts = nil
            return
        }
        let log = LineLog(invocation, clock: clock)
        let keys = try KeyRing(KeyRing.make())
        accounts = AccountBackend(
            configuration, desk: AccountDesk(store: store, identifiers: identifiers, clock: clock),
            store: store, clock: clock, identifiers: identifiers, keys: keys,
            settings: RuntimeSettings(configuration, keys: keys), mailer: LogMailer(log, showsText: false),
            catalog: catalog, media: media, log: log)
    }

    /// The HTTP API over the use cases.
    ///
    /// - Parameter threats: Looks at requests for attacks; nil where nobody does.
    func api(
        probes: [any HealthProbe] = [], observers: [any RequestObserver] = [], threats: ThreatScreen? = nil
    ) -> API {
        let capabilities =
            Capabilities(
                authenticator: authenticator, limiter: limiter, receiveUpload: receiveUpload,
                submitTask: submitTask,
                previewTask: PreviewVideoTask(
                    store: store, catalog: catalog, clock: clock, billing: accounts?.billing),
                listTasks: ListVideoTasks(store: store), getTask: GetVideoTask(store: store),
                renameTask: RenameVideoTask(store: store),
                cancelTask: CancelVideoTask(store: store, clock: clock),
                resumeTask: ResumeVideoTask(
                    store: store, identifiers: identifiers, clock: clock, billing: accounts?.billing),
                deleteTask: DeleteVideoTask(store: store, media: media, feed: feed, clock: clock),
                getTranscript: GetTranscript(store: store), getClip: GetClip(store: store, media: media),
                getArchive: GetClipArchive(store: store, media: media), archiver: ZipArchiver(), feed: feed,
                listJobs: ListJobs(store: store), getJob: GetJob(store: store),
                retryJob: RetryJob(store: store, followers: followers, clock: clock),
                getStatistics: GetStatistics(store: store),
                checkHealth: CheckHealth(probes: probes, clock: clock), catalog: catalog,
                webhooks: WebhookCapabilities(
                    store: store,
                    desk: AccountDesk(store: store, identifiers: identifiers, clock: clock),
                    secrets: webhookSecrets),
                digest: { ContentHash(digesting: $0) }, listUpstreams: ListUpstreams(upstreams))
        return API(
            capabilities, accounts: accounts?.capabilities,
            settings: API.Settings(
                version: Program.version, allowedOrigins: configuration[Settings.corsOrigins],
                isEncrypted: configuration[Settings.tlsCertificate] != nil,
                trustedProxies: TrustedProxies(configuration[Settings.trustedProxies]),
                compose: ComposedText().normalise),
            threats: threats, observers: observers)
    }

    /// Counts requests where there are people to be told apart.
    private var limiter: RateLimiter? {
        guard accounts != nil, let paces = configuration[Settings.rateLimit] else { return nil }
        return RateLimiter(paces, now: SystemClock.steadyTime)
    }

    private var authenticator: any Authenticator {
        if let accounts { accounts.authenticator } else { LocalAuthenticator() }
    }

    /// Takes orders.
    var submitTask: SubmitVideoTask {
        SubmitVideoTask(
            store: store, catalog: catalog, identifiers: identifiers, clock: clock,
            billing: accounts?.billing)
    }

    /// Takes files.
    var receiveUpload: ReceiveUpload {
        ReceiveUpload(
            store: store, media: media, inspector: FFprobeInspector(), identifiers: identifiers, clock: clock,
            limitBytes: configuration[Settings.uploadLimit])
    }
}

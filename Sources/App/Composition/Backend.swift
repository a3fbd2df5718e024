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
    let log: any Log
    let followers: JobFollowers
    let upstreams: Upstreams?
    let errors: ErrorCounters
    let bans: BanList
    let watch: SecurityWatch
    let webhookSecrets: any WebhookSecrets
    /// Nil where there is always room.
    let storage: (any StorageBudget)?
    let signals: Signals
    let logs: LogCapabilities
    /// Nil where there are no accounts.
    let accounts: AccountBackend?
    /// Nil where nothing is served.
    let keeper: ConfigurationKeeper?

    /// The adapters of an open data folder.
    init(_ root: CompositionRoot, accounts: AccountBackend? = nil, keeper: ConfigurationKeeper? = nil) {
        self.accounts = accounts
        self.keeper = keeper
        configuration = root.configuration
        store = root.store
        media = root.media
        catalog = root.catalog
        feed = root.feed
        identifiers = root.identifiers
        clock = root.clock
        log = root.log
        followers = root.followers
        upstreams = root.upstreams
        errors = root.errors
        bans = root.bans
        watch = root.watch
        webhookSecrets = root.webhookSecrets
        storage = root.diskBudget
        signals = root.telemetry.signals
        logs = LogCapabilities(root.telemetry.loggers, ring: root.telemetry.ring)
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
        feed = TaskFeed(store: store, clock: clock)
        followers = JobFollowers()
        upstreams = nil
        storage = nil
        errors = ErrorCounters(since: clock.now())
        bans = BanList(desk: AccountDesk(store: store, identifiers: identifiers, clock: clock))
        watch = SecurityWatch(bans: bans, bansByItself: false, identifiers: identifiers, clock: clock)
        webhookSecrets = InMemoryWebhookSecrets(random: SystemRandomSource())
        signals = Signals()
        logs = LogCapabilities()
        log = LineLog(invocation, clock: clock)
        let keys = try KeyRing(KeyRing.make())
        let desk = AccountDesk(store: store, identifiers: identifiers, clock: clock)
        let given = configuration.ofService
        let settings = RuntimeSettings(over: given, box: SodiumSecretBox(keys))
        keeper = try ConfigurationKeeper(
            over: LiveValue(given), settings: settings, desk: desk, log: log, read: { given })
        guard configuration[Settings.accounts] == .on else {
            accounts = nil
            return
        }
        accounts = AccountBackend(
            configuration, desk: desk, store: store, clock: clock, identifiers: identifiers, keys: keys,
            settings: settings, mailer: LogMailer(log, showsText: false),
            catalog: catalog, media: media, log: log)
    }

    /// The HTTP API over the use cases.
    ///
    /// - Parameters:
    ///   - runner: What runs the parts of this process; nil where nothing runs.
    ///   - health: Nil where nobody looks at anything.
    ///   - alerts: Nil where nobody is told of anything.
    ///   - threats: Looks at requests for attacks; nil where nobody does.
    ///   - texts: Looks at what people write; nil where nobody does.
    func api(
        over runner: ComponentRunner? = nil, health: HealthCapabilities? = nil, alerts: AlertMonitor? = nil,
        observers: [any RequestObserver] = [], threats: ThreatScreen? = nil, texts: TextScreen? = nil
    ) -> API {
        let health = health ?? unwatched
        let desk = AccountDesk(store: store, identifiers: identifiers, clock: clock)
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
                health: health, catalog: catalog,
                webhooks: WebhookCapabilities(
                    store: store, desk: desk, secrets: webhookSecrets),
                digest: { ContentHash(digesting: $0) }, listUpstreams: ListUpstreams(upstreams),
                signals: signals, logs: logs,
                components: ComponentCapabilities(runner: runner ?? ComponentRunner(idle: clock)),
                configuration: keeper.map(ConfigurationCapabilities.init),
                alerts: AlertCapabilities(alerts ?? quietAlerts, clock: clock),
                errors: ErrorCapabilities(counters: errors, desk: desk, clock: clock),
                security: SecurityCapabilities(
                    watch: watch, bans: bans, desk: desk, health: health.monitor, clock: clock))
        tellMetrics(of: health.monitor)
        return API(
            capabilities, accounts: accounts?.capabilities,
            settings: API.Settings(
                version: Program.version, allowedOrigins: configuration[Settings.corsOrigins],
                isEncrypted: configuration[Settings.tlsCertificate] != nil,
                trustedProxies: TrustedProxies(configuration[Settings.trustedProxies]),
                compose: ComposedText().normalise),
            threats: threats, texts: texts, observers: observers)
    }

    private func tellMetrics(of monitor: HealthMonitor) {
        let metrics = signals.metrics
        metrics.tell(of: store, clock: clock, hasCredits: accounts != nil)
        metrics.tell(of: feed)
        metrics.tell(of: monitor)
        metrics.tell(of: errors)
        metrics.tell(of: watch, bans: bans)
        if let upstreams { metrics.tell(of: upstreams) }
        if let accounts { metrics.tell(ofUndelivered: { accounts.undeliveredMail }) }
    }

    private var unwatched: HealthCapabilities {
        HealthCapabilities(
            monitor: HealthMonitor(
                [], clock: clock, random: SystemRandomSource(), steady: SystemClock.steadyTime))
    }

    /// Counts requests where there are people to be told apart.
    private var limiter: RateLimiter? {
        guard accounts != nil, let paces = configuration[Settings.rateLimit] else { return nil }
        return RateLimiter(paces, now: SystemClock.steadyTime)
    }

    /// The rules of alerts, of which none ever fires.
    private var quietAlerts: AlertMonitor {
        AlertMonitor(AlertRule.defaults, numbers: { _ in [:] }, restart: nil, clock: clock, log: log)
    }

    private var authenticator: any Authenticator {
        if let accounts { accounts.authenticator } else { LocalAuthenticator() }
    }

    /// Takes orders.
    var submitTask: SubmitVideoTask {
        SubmitVideoTask(
            store: store, catalog: catalog, identifiers: identifiers, clock: clock,
            billing: accounts?.billing, storage: storage)
    }

    /// Takes files.
    var receiveUpload: ReceiveUpload {
        ReceiveUpload(
            store: store, media: media, inspector: FFprobeInspector(), identifiers: identifiers, clock: clock,
            limitBytes: configuration[Settings.uploadLimit], storage: storage)
    }
}

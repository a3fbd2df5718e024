import Application
import Domain
import Glibc
import Presentation
import Synchronization
import Testing

/// The whole API over a store in memory; every answer is held against the document that describes it.
struct APIFixture: Sendable {
    let clock: InMemoryClock
    let store: InMemoryStore
    let media: FileBackedMedia
    let feed: TaskFeed
    /// Looks at nothing by itself; the store is told to be healthy.
    let monitor: HealthMonitor
    let errors: ErrorCounters
    let bans: BanList
    let watch: SecurityWatch
    let alerts: AlertMonitor
    let identifiers: IdentifierMaker
    let keeper: ConfigurationKeeper
    let api: API
    let document: Contract
    let loggers: Loggers
    let ring = LogRing()

    /// A part of the program that writes into the log.
    static let logger = "http"

    static let facts = MediaFacts(
        duration: 60, width: 1280, height: 720, frameRate: 29.97, videoCodec: "h264", audioCodec: "aac",
        captions: [MediaFacts.CaptionTrack(index: 2, language: nil, codec: "subrip")])

    init(
        inspection: Result<MediaFacts, any Error> = .success(Self.facts), uploadLimit: Int64 = 1_000_000,
        authenticator: any Authenticator = LocalAuthenticator(), people: People? = nil,
        upstreams: Upstreams? = nil, components: ComponentRunner? = nil, limiter: RateLimiter? = nil,
        proxies: [AddressRange] = [], isStarted: Bool = true, threats: ThreatMode = .off,
        texts: TextScreen? = nil
    ) throws {
        clock = people?.clock ?? InMemoryClock()
        store = people?.store ?? InMemoryStore()
        identifiers = IdentifierMaker(clock: clock, random: SeededRandomSource(seed: 7))
        media = people?.media ?? FileBackedMedia(identifiers: identifiers)
        feed = TaskFeed(store: store, clock: clock)
        errors = ErrorCounters(since: clock.now())
        let catalog = People.catalog
        monitor = HealthMonitor(
            [], clock: clock, random: SeededRandomSource(seed: 3), steady: { 0 })
        if isStarted {
            monitor.note(
                ComponentHealth(name: "store", level: .healthy, detail: "It answers.", isEssential: true))
        }
        let desk = AccountDesk(store: store, identifiers: identifiers, clock: clock)
        let signals = Signals()
        let loggers = Loggers(.info, clock: clock, metrics: signals.metrics, sinks: [ring])
        _ = loggers.named(Self.logger)
        self.loggers = loggers
        keeper = try ConfigurationKeeper(
            over: LiveValue(People.settings),
            settings: RuntimeSettings(over: People.settings, box: InMemorySecretBox()), desk: desk,
            log: SilentLog(), read: { People.settings })
        bans = BanList(proxies: proxies, desk: desk)
        watch = SecurityWatch(
            bans: bans, bansByItself: threats == .block, identifiers: identifiers, clock: clock)
        let alerts = AlertMonitor(
            AlertRule.defaults,
            numbers: AlertNumbers(monitor: monitor, metrics: signals.metrics).read, restart: nil,
            clock: clock,
            log: SilentLog())
        self.alerts = alerts
        let capabilities =
            Capabilities(
                authenticator: authenticator, limiter: limiter,
                receiveUpload: ReceiveUpload(
                    store: store, media: media, inspector: ScriptedMediaInspector(Script(inspection)),
                    identifiers: identifiers, clock: clock, limitBytes: uploadLimit),
                submitTask: SubmitVideoTask(
                    store: store, catalog: catalog, identifiers: identifiers, clock: clock,
                    billing: people?.billing),
                previewTask: PreviewVideoTask(
                    store: store, catalog: catalog, clock: clock, billing: people?.billing),
                listTasks: ListVideoTasks(store: store), getTask: GetVideoTask(store: store),
                renameTask: RenameVideoTask(store: store),
                cancelTask: CancelVideoTask(store: store, clock: clock),
                resumeTask: ResumeVideoTask(
                    store: store, identifiers: identifiers, clock: clock, billing: people?.billing),
                deleteTask: DeleteVideoTask(store: store, media: media, feed: feed, clock: clock),
                getTranscript: GetTranscript(store: store), getClip: GetClip(store: store, media: media),
                getArchive: GetClipArchive(store: store, media: media), archiver: JoiningArchiver(),
                feed: feed,
                listJobs: ListJobs(store: store), getJob: GetJob(store: store),
                retryJob: RetryJob(store: store, followers: JobFollowers([VideoTaskJobs()]), clock: clock),
                getStatistics: GetStatistics(store: store),
                health: HealthCapabilities(monitor: monitor),
                catalog: catalog,
                webhooks: WebhookCapabilities(
                    store: store,
                    desk: desk,
                    secrets: InMemoryWebhookSecrets(random: SeededRandomSource(seed: 9))),
                digest: { ContentHash(bytes: InMemoryMediaStore.fingerprint($0)) ?? Self.noHash },
                listUpstreams: ListUpstreams(upstreams),
                signals: signals, logs: LogCapabilities(loggers, ring: ring),
                components: ComponentCapabilities(runner: components ?? ComponentRunner(idle: clock)),
                configuration: ConfigurationCapabilities(keeper),
                alerts: AlertCapabilities(alerts, clock: clock),
                errors: ErrorCapabilities(counters: errors, desk: desk, clock: clock),
                security: SecurityCapabilities(
                    watch: watch, bans: bans, desk: desk, health: monitor, clock: clock))
        signals.metrics.tell(of: store, clock: clock, hasCredits: people != nil)
        signals.metrics.tell(of: feed)
        signals.metrics.tell(of: monitor)
        if let upstreams { signals.metrics.tell(of: upstreams) }
        signals.metrics.tell(of: errors)
        signals.metrics.tell(of: watch, bans: bans)
        api = API(
            capabilities, accounts: people?.capabilities,
            settings: API.Settings(version: "1.2.3", trustedProxies: TrustedProxies(proxies)),
            threats: ThreatScreen(threats) { [watch] exchange, assessment, isRefused in
                watch.record(Sighting(exchange, assessment, isRefused: isRefused))
            }, texts: texts)
        let api = api
        let kind = ContractKind(
            isSecured: !authenticator.schemes.isEmpty, hasPeople: people != nil, isLimited: limiter != nil)
        document = try Self.contracts.withLock { contracts in
            let known = try contracts[kind] ?? Contract(api.openAPI)
            contracts[kind] = known
            return known
        }
    }

    /// The document is the same for every fixture of a kind; reading it once keeps the tests quick.
    private static let contracts = Mutex<[ContractKind: Contract]>([:])

    private struct ContractKind: Hashable {
        let isSecured: Bool
        let hasPeople: Bool
        let isLimited: Bool
    }

    private static let noHash = ContentHash(bytes: [UInt8](repeating: 0, count: 32))!

    /// An answer, taken apart.
    struct Answer: Sendable {
        let status: Int
        let fields: HTTPFields
        let body: HTTPBody
        /// The JSON of the body, null when it is none.
        let json: JSONValue

        /// The places and codes of a refusal's faults.
        var faults: [String] {
            (json["errors"]?.elements ?? []).map { fault in
                let place = fault["pointer"]?.text ?? fault["parameter"]?.text ?? "?"
                return "\(place) \(fault["code"]?.text ?? "?")"
            }
        }
    }

    /// Sends a request and holds the answer against the document.
    @discardableResult
    func send(
        _ method: String, _ target: String, _ json: JSONValue? = nil, fields: HTTPFields = [:],
        from peer: PeerAddress = .unknown,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        var fields = fields
        if json != nil { fields["Content-Type"] = "application/json" }
        return try await send(
            method, target, bytes: json?.encoded ?? [], fields: fields, from: peer,
            sourceLocation: sourceLocation)
    }

    /// Sends a request with any body.
    @discardableResult
    func send(
        _ method: String, _ target: String, bytes: [UInt8], fields: HTTPFields = [:],
        from peer: PeerAddress = .unknown,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let request = HTTPRequest(
            method, path: parts[0], query: parts.count > 1 ? parts[1] : nil, fields: fields,
            body: RequestBody(bytes), peer: peer)
        let response = await api.service.handle(request)
        var json: JSONValue = nil
        if case .bytes(let bytes) = response.body, response.fields["Content-Type"]?.contains("json") == true {
            json = try JSONReader(depth: 64, values: 1_000_000).read(bytes)
        }
        let answer = Answer(
            status: response.status.code, fields: response.fields, body: response.body, json: json)
        for violation in document.violations(method, parts[0], answer) {
            Issue.record(
                "\(method) \(target) → \(answer.status): \(violation)", sourceLocation: sourceLocation)
        }
        return answer
    }

    // MARK: Things to ask for

    /// Orders clips and returns the task's address.
    func order(_ extra: JSONValue = [:], fields: HTTPFields = [:]) async throws -> String {
        var body = JSONObject([("source", ["url": "https://a.example/talk.mp4"])])
        for member in extra.object?.members ?? [] { body[member.name] = member.value }
        let answer = try await send("POST", "/api/v1/tasks", .object(body), fields: fields)
        return try #require(answer.fields["Location"])
    }

    func id(of address: String) throws -> Identifier<VideoTask> {
        try #require(Identifier(String(address.split(separator: "/").last ?? "")))
    }

    /// Changes a task as a worker does.
    func work(
        on address: String,
        _ change: @escaping @Sendable (inout VideoTask, any StoreWriter) throws -> [VideoTaskEvent]
    ) async throws {
        let (id, now) = (try id(of: address), clock.now())
        try await store.write { writer in
            guard var task = try writer.tasks.find(id) else { throw NotFound.task }
            let events = try change(&task, writer)
            try writer.taskWriter.update(task)
            try writer.announce(events, of: task, at: now)
        }
    }

    /// Makes a task's worker finish it with one clip; returns the clip's address.
    func complete(_ address: String) async throws -> String {
        let (id, now) = (try id(of: address), clock.now())
        let clip: Identifier<Clip> = identifiers.make()
        let video = try await file("not really a video")
        let still = try await file("not really a picture")
        let source = try await file("a source")
        try await work(on: address) { task, writer in
            var events = try task.begin(at: now)
            events += try task.enter(.acquiring)
            try task.acquire(SourceVideo(file: source, facts: Self.facts, filename: "talk.mp4"), title: nil)
            try task.finish(.acquiring, after: 1.5)
            try writer.documentWriter.put(
                Transcript(
                    words: [
                        Word(
                            text: "Hello", span: TimeSpan(start: 3, end: 3.5), confidence: 0.9,
                            speaker: Speaker(label: "A")),
                        Word(text: "there.", span: TimeSpan(start: 3.5, end: 4)),
                    ], language: "en", engine: "captions"), of: id)
            try writer.clipWriter.put(
                Clip(
                    id: clip, task: id, rank: 1,
                    highlight: Highlight(
                        span: TimeSpan(start: 2, end: 22), title: "Hello \"there\"", text: "Hello there.",
                        score: HighlightScore(hook: 20, engagement: 10, value: 5, shareability: 1),
                        hookType: .question, reasoning: "It asks."),
                    outcome: .rendered(
                        [
                            Clip.Rendition(
                                format: .vertical, file: video, size: PictureSize(width: 1080, height: 1920),
                                duration: 20.02)
                        ], thumbnail: still)))
            try task.describe(summary: "A greeting.", keyTopics: ["hello"])
            events += try task.ready(clip)
            return events + (try task.complete(at: now))
        }
        return "\(address)/clips/\(clip)"
    }

    private func file(_ text: String) async throws -> MediaFile {
        let writer = try media.open()
        try Array(text.utf8).withUnsafeBytes { try writer.write($0) }
        return try await writer.finish()
    }
}

/// A media store in memory that shows its files on disk to those who ask for their paths.
final class FileBackedMedia: MediaStore {
    private let memory: InMemoryMediaStore
    private let folder: String

    init(identifiers: IdentifierMaker) {
        memory = InMemoryMediaStore(identifiers: identifiers)
        var template = Array("/tmp/cutroom-api-XXXXXX".utf8CString)
        folder = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }

    deinit {
        for name in (try? memory.shown(in: folder)) ?? [] { unlink(name) }
        rmdir(folder)
    }

    func open() throws -> any MediaWriter { try memory.open() }
    func stage(suffix: String) throws -> StagedFile { try memory.stage(suffix: suffix) }
    func take(_ staged: StagedFile, as id: Identifier<MediaFile>?) async throws -> MediaFile {
        try await memory.take(staged, as: id)
    }
    func copy(path: String) async throws -> MediaFile { try await memory.copy(path: path) }
    func discard(_ staged: StagedFile) { memory.discard(staged) }
    func remove(_ files: [Identifier<MediaFile>]) async throws { try await memory.remove(files) }
    func scratch() throws -> ScratchFolder { try memory.scratch() }
    func clear(_ folder: ScratchFolder) { memory.clear(folder) }

    func path(of file: Identifier<MediaFile>) -> String? {
        guard let bytes = memory.path(of: file).flatMap({ memory.bytes(at: $0) }) else { return nil }
        let path = "\(folder)/\(file)"
        let descriptor = creat(path, 0o600)
        defer { close(descriptor) }
        return write(descriptor, bytes, bytes.count) == bytes.count ? path : nil
    }
}

extension InMemoryMediaStore {
    /// The paths of a folder's files.
    fileprivate func shown(in folder: String) throws -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var paths: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { paths.append("\(folder)/\(name)") }
        }
        return paths
    }
}

/// Names the entries, one a line, instead of packing them.
private struct JoiningArchiver: Archiver {
    func archive(_ entries: [ArchiveEntry]) throws -> any Application.ByteSource {
        JoinedNames(entries.map(\.name).joined(separator: "\n"))
    }

    func archive(_ parts: any ArchiveParts) -> any Application.ByteSource {
        PartsAsText(parts)
    }
}

/// Every part as a line with its name and one with its bytes, a file's in a word.
private final class PartsAsText: Application.ByteSource {
    private let parts: any ArchiveParts
    private let rest = Mutex<[UInt8]>([])

    init(_ parts: any ArchiveParts) { self.parts = parts }

    var length: Int64? { nil }
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try rest.withLock { rest in
            if rest.isEmpty, let part = try parts.next() {
                switch part.content {
                case .bytes(let bytes): rest = Array("\(part.name)\n".utf8) + bytes + [10]
                case .file(_, let bytes): rest = Array("\(part.name)\n\(bytes) bytes\n".utf8)
                }
            }
            let count = min(rest.count, buffer.count)
            buffer.copyBytes(from: rest.prefix(count))
            rest.removeFirst(count)
            return count
        }
    }
    func skip(_ count: Int64) async throws {}
}

private final class JoinedNames: Application.ByteSource {
    private let bytes: [UInt8]
    private let position = Mutex(0)

    init(_ text: String) { bytes = Array(text.utf8) }

    var length: Int64? { Int64(bytes.count) }
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let rest = bytes[position.withLock { $0 }...]
        buffer.copyBytes(from: rest)
        return rest.count
    }
    func skip(_ count: Int64) async throws { position.withLock { $0 += Int(count) } }
}

extension CaptionTemplate {
    static func named(_ name: String) -> CaptionTemplate {
        CaptionTemplate(
            name: name, summary: "White.", font: "Sans", bold: true, capitals: false, size: 0.05,
            text: Colour(red: 255, green: 255, blue: 255),
            highlight: Colour(red: 0, green: 9, blue: 171, opacity: 128),
            outline: Colour(red: 0, green: 0, blue: 0), outlineWidth: 0.1, shadow: 0, box: nil,
            boxesSpokenWord: false, wordsAtOnce: 4, position: 0.8)
    }
}

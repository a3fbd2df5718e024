import Application
import Domain
import Glibc
import Infrastructure
import Presentation

/// Everything that one process works with, put together: the one place where ports meet their adapters.
struct CompositionRoot: Sendable {
    /// The settings as the process was started with them.
    let given: Configuration
    /// The settings with what administrators have set for this start.
    let configuration: Configuration
    /// The same without what administrators have set, replaced when it is read again.
    let below: LiveValue<EffectiveConfiguration>
    /// What administrators set, over that.
    let settings: RuntimeSettings
    let data: DataFolder
    let clock = SystemClock()
    let random = SystemRandomSource()
    let identifiers: IdentifierMaker
    let telemetry: Telemetry
    let log: any Log
    let upstreams: Upstreams
    let errors: ErrorCounters
    let bans: BanList
    let watch: SecurityWatch
    let store: SQLiteStore
    let media: FileMediaStore
    let owners: FileOwners
    let catalog: FontconfigCaptionCatalog
    let feed: TaskFeed
    let budget: RenderBudget
    let followers = JobFollowers([VideoTaskJobs(), WebhookJobs()])

    /// Opens the data folder that the settings name.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be used.
    init(_ invocation: Invocation) throws {
        try self.init(OpenStore(invocation, Telemetry(invocation)))
    }

    /// Puts everything together around a store that is open.
    ///
    /// - Throws: ``CommandFailure`` when the data folder cannot be used.
    init(_ opened: OpenStore) throws {
        given = opened.given
        configuration = opened.configuration
        data = opened.data
        identifiers = opened.identifiers
        telemetry = opened.telemetry
        log = opened.log
        store = opened.store
        errors = ErrorCounters(since: clock.now())
        upstreams = Upstreams(
            clock: clock, random: random, log: telemetry.loggers.named("upstreams"),
            metrics: telemetry.signals.metrics)
        below = LiveValue(given.ofService)
        let box = LateBox { [opened] in SodiumSecretBox(try opened.keys()) }
        settings = RuntimeSettings(over: { [below] in below.current }, box: { try box.get() })
        bans = BanList(
            proxies: configuration[Settings.trustedProxies],
            desk: AccountDesk(store: store, identifiers: identifiers, clock: clock), log: log)
        try bans.load()
        watch = SecurityWatch(
            bans: bans, bansByItself: configuration[Settings.threats] == .block, identifiers: identifiers,
            clock: clock)
        media = try FileMediaStore(folder: data.path, identifiers: identifiers) { name in
            ChildProcesses.endPrograms(markedBy: name)
        }
        ChildProcesses.shared.markPrograms(by: media.processName)
        owners = try FileOwners(folder: data.owners)
        catalog = try FontconfigCaptionCatalog()
        feed = TaskFeed(store: store, clock: clock) { [log] failure in
            log.write(.error, "a notice cannot be handed out", ["error": .text("\(failure)")])
        }
        let cores = configuration[Settings.cpuBudget]
        budget = RenderBudget(
            cores: cores > 0 ? cores : nil, of: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
            memory: RenderBudget.memoryOfThisMachine)
    }

    /// Removes the files of which no row speaks because a process was killed.
    func sweep() async {
        do {
            let count = try await media.removeOrphans { [store] in try store.files(among: $0) }
            if count > 0 { log.write(.warning, "orphaned files removed", ["files": .integer(Int64(count))]) }
        } catch {
            // What is left is looked for again at the next start.
            log.write(.warning, "orphaned files not removed", ["reason": .text("\(error)")])
        }
    }

    /// Closes the data folder; nothing can be kept afterwards.
    func close() {
        store.database.close()
        media.close()
    }

    /// The store of a data folder, brought to the newest schema.
    static func openStore(_ data: DataFolder) throws -> SQLiteStore {
        do {
            return try SQLiteStore(path: data.database)
        } catch {
            throw CommandFailure(line: "the store \(data.database) cannot be used: \(error)")
        }
    }
}

extension LineLog {
    /// The log that the settings ask for, on standard error.
    init(_ invocation: Invocation, clock: any WallClock) {
        self.init(
            format: LineFormat(invocation), level: invocation.logLevel,
            descriptor: invocation.errors.descriptor, clock: clock)
    }
}

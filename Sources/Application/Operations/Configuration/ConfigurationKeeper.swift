public import Domain
internal import Synchronization

/// Keeps the configuration of a running server: one that holds, who is told when another one does, and how it came to
/// be what it is.
///
/// A change is prepared, which any part may object to, written down, and then holds. Whatever goes wrong before it is
/// written down leaves the last good configuration as it was.
public actor ConfigurationKeeper {
    /// A part of the program that is told of changes.
    public struct Subscriber: Sendable {
        let part: String
        let prepare: @Sendable (ConfigurationChange) throws -> Void
        let commit: @Sendable (ConfigurationChange) -> Void

        /// A part.
        ///
        /// - Parameters:
        ///   - part: What it is called when it objects.
        ///   - prepare: Throws where the part cannot work with the new configuration, which then does not come to be.
        ///   - commit: Is told that the new configuration holds; must be quick.
        public init(
            _ part: String, prepare: @escaping @Sendable (ConfigurationChange) throws -> Void = { _ in },
            commit: @escaping @Sendable (ConfigurationChange) -> Void
        ) {
            self.part = part
            self.prepare = prepare
            self.commit = commit
        }
    }

    /// How the keeper itself is.
    struct Condition: Sendable {
        /// The newest revision that holds; 0 while nothing was ever changed.
        var version: Int64
        /// Why the last attempt to read the configuration again failed; nil when it did not.
        var problem: String?
        /// What was set while the server ran and cannot be used.
        var unusable: [String]
    }

    /// How long changes of others may pass unnoticed at most, beside what the store takes to tell of them.
    private static let pace = Duration.milliseconds(250)

    nonisolated let settings: RuntimeSettings
    nonisolated let desk: AccountDesk
    private nonisolated let live: LiveValue<EffectiveConfiguration>
    private nonisolated let below: LiveValue<EffectiveConfiguration>
    private nonisolated let started: EffectiveConfiguration
    private nonisolated let condition: Mutex<Condition>
    private let read: @Sendable () throws -> EffectiveConfiguration
    private let log: any Log
    private var subscribers: [Subscriber] = []
    /// Whether what was read is being written down.
    private var isReloading = false

    /// A keeper.
    ///
    /// - Parameters:
    ///   - below: What holds where administrators have set nothing, which is replaced when it is read again; the
    ///     settings are over the same.
    ///   - read: Reads it again, checked in every respect.
    public init(
        over below: LiveValue<EffectiveConfiguration>, settings: RuntimeSettings, desk: AccountDesk,
        log: any Log, read: @escaping @Sendable () throws -> EffectiveConfiguration
    ) throws {
        self.below = below
        self.settings = settings
        self.desk = desk
        self.log = log
        self.read = read
        let (first, condition) = try Self.state(of: settings, in: desk.store, problem: nil)
        started = first
        live = LiveValue(first)
        self.condition = Mutex(condition)
    }

    /// The configuration that holds now; reading it waits for nobody.
    public nonisolated var current: EffectiveConfiguration { live.current }

    /// The settings that have another value than the server was started with, and wait for its next start.
    nonisolated var waiting: [String] {
        let now = current
        return started.differences(to: now).filter { name in
            now.setting(named: name)?.declaration.isReloadable != true
        }
    }

    /// How well the configuration is: last good ones go on, but somebody should know.
    public nonisolated var health: ComponentHealth {
        let condition = condition.withLock { $0 }
        let (level, detail): (HealthLevel, String) =
            if let problem = condition.problem {
                (.degraded, "The last good configuration is kept. \(problem)")
            } else if !condition.unusable.isEmpty {
                (.degraded, "What was set cannot be used: \(condition.unusable.joined(separator: ", ")).")
            } else {
                (.healthy, "Revision \(condition.version) holds.")
            }
        return ComponentHealth(name: "configuration", level: level, detail: detail, isEssential: false)
    }

    /// What holds now, as far as it may be shown.
    nonisolated func report() -> ConfigurationReport {
        // The number first: a newer configuration under an older number is only refused as stale, never mistaken.
        let version = condition.withLock { $0.version }
        let now = current
        return ConfigurationReport(
            configuration: now, version: version, checksum: now.checksum, waiting: waiting,
            at: desk.clock.now())
    }

    /// Tells a part of changes from now on.
    public func add(_ subscriber: Subscriber) { subscribers.append(subscriber) }

    /// Notices what others change through the same store, until the task is cancelled.
    public func follow() async {
        let (commits, told) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let observation = desk.store.observe { told.yield() }
        for await _ in commits {
            try? refresh()
            guard (try? await desk.clock.sleep(until: desk.clock.now() + Self.pace)) != nil else { break }
        }
        withExtendedLifetime(observation) {}
    }

    /// Lets hold what the store says.
    func refresh() throws {
        // A revision that is written holds only together with what was read for it.
        guard !isReloading else { return }
        guard try desk.store.read({ try $0.revisions.latest()?.number ?? 0 }) != version else { return }
        try publish(problem: condition.withLock { $0.problem })
    }

    /// Reads again what stands in files, the environment and flags, and lets it hold where it is good throughout.
    ///
    /// - Throws: ``Domain/ConfigurationRefusal``, ``PortError``; the last good configuration holds on.
    func reload(doing deed: Deed) async throws -> ConfigurationOutcome {
        do {
            let fresh = try read()
            let over = settings.over(fresh)
            let change = ConfigurationChange(
                old: current, new: try desk.store.read { try over.effective(in: $0) })
            try prepare(change)
            guard !change.changed.isEmpty else {
                below.replace(by: fresh)
                try publish(problem: nil)
                return outcome(nil, at: deed.now)
            }
            let settings = settings
            isReloading = true
            defer { isReloading = false }
            let revision = try await desk.store.write { writer in
                try over.record(
                    over.effective(in: writer), since: settings.effective(in: writer), because: .reload,
                    doing: deed, in: writer)
            }
            below.replace(by: fresh)
            try publish(problem: nil)
            return outcome(revision, at: deed.now)
        } catch {
            let reason = (error as? any CodedError)?.explanation ?? "It cannot be written down now."
            condition.withLock { $0.problem = reason }
            log.write(.error, "configuration not read again", ["reason": .text(reason)])
            throw error
        }
    }

    /// Changes what is set while the server runs.
    ///
    /// - Parameters:
    ///   - condition: Whether the configuration of that tag may be changed; nil for any.
    ///   - edits: What is to be set, by name; nil for what is to be set no more.
    /// - Throws: ``Domain/ConfigurationRefusal``, and what `edits` throws.
    func change(
        because cause: ConfigurationRevision.Cause, doing deed: Deed,
        if condition: (@Sendable (String) -> Bool)?,
        _ edits: @Sendable (any StoreReader) throws -> [String: StoredSetting?]
    ) async throws -> ConfigurationOutcome {
        while true {
            try refresh()
            let base = report()
            if let condition, !condition(base.tag) { throw ConfigurationRefusal.stale }
            let settings = settings
            let (wanted, candidate) = try desk.store.read { reader in
                let wanted = try edits(reader)
                return (wanted, try settings.preview(wanted, in: reader))
            }
            try prepare(ConfigurationChange(old: base.configuration, new: candidate))
            do {
                let revision = try await desk.store.write { writer in
                    // What was prepared is what comes to be, or nothing does.
                    guard (try writer.revisions.latest()?.number ?? 0) == base.version else {
                        throw Overtaken()
                    }
                    return try settings.apply(wanted, because: cause, doing: deed, in: writer)
                }
                try refresh()
                return outcome(revision, at: deed.now)
            } catch is Overtaken {
                continue
            }
        }
    }

    private struct Overtaken: Error {}

    private nonisolated var version: Int64 { condition.withLock { $0.version } }

    private static func state(
        of settings: RuntimeSettings, in store: any Store, problem: String?
    ) throws -> (EffectiveConfiguration, Condition) {
        try store.read { reader in
            let condition = Condition(
                version: try reader.revisions.latest()?.number ?? 0, problem: problem,
                unusable: try settings.values(in: reader).unusable)
            return (try settings.effective(in: reader), condition)
        }
    }

    private func prepare(_ change: ConfigurationChange) throws {
        guard !change.changed.isEmpty else { return }
        for subscriber in subscribers {
            do {
                try subscriber.prepare(change)
            } catch {
                let reason = (error as? any CodedError)?.explanation ?? "\(error)"
                throw ConfigurationRefusal.vetoed(part: subscriber.part, reason: reason)
            }
        }
    }

    private func publish(problem: String?) throws {
        let (new, state) = try Self.state(of: settings, in: desk.store, problem: problem)
        let change = ConfigurationChange(old: current, new: new)
        live.replace(by: new)
        condition.withLock { $0 = state }
        guard !change.changed.isEmpty else { return }
        for subscriber in subscribers { subscriber.commit(change) }
        log.write(
            .info, "configuration changed",
            [
                "revision": .integer(state.version), "settings": .text(change.changed.joined(separator: ",")),
                "from_next_start": .text(waiting.joined(separator: ",")),
            ])
    }

    private func outcome(_ revision: ConfigurationRevision?, at now: Timestamp) -> ConfigurationOutcome {
        ConfigurationOutcome(report: report(), changes: revision?.changes ?? [], at: now)
    }
}

/// One configuration takes the place of another.
public struct ConfigurationChange: Sendable {
    /// What held.
    public let old: EffectiveConfiguration
    /// What holds next.
    public let new: EffectiveConfiguration
    /// The names of the settings that differ.
    public let changed: [String]

    init(old: EffectiveConfiguration, new: EffectiveConfiguration) {
        self.old = old
        self.new = new
        changed = old.differences(to: new)
    }
}

/// The configuration that holds, as far as it may be shown.
public struct ConfigurationReport: Sendable {
    /// The settings with their values and where these came from.
    public let configuration: EffectiveConfiguration
    /// The newest revision; 0 while nothing was ever changed.
    public let version: Int64
    /// Tells it from others.
    public let checksum: String
    /// The settings that have another value than the server was started with, and wait for its next start.
    public let waiting: [String]
    /// When it was looked at.
    public let at: Timestamp

    /// What the configuration is known by to those who want to change this one and no other.
    public var tag: String { "\(version)-\(checksum)" }
}

/// What came of a change.
public struct ConfigurationOutcome: Sendable {
    /// What holds now.
    public let report: ConfigurationReport
    /// How it differs from before; empty where nothing was changed.
    public let changes: [SettingChange]
    /// When it was changed.
    public let at: Timestamp
}

/// Tells how well the configuration is.
public struct ConfigurationProbe: HealthProbe {
    private let keeper: ConfigurationKeeper

    /// The probe of a keeper.
    public init(_ keeper: ConfigurationKeeper) {
        self.keeper = keeper
    }

    /// How well it is.
    public func check() async -> ComponentHealth { keeper.health }
}

import Application
import Domain
import Synchronization
import Testing

/// A configuration that is kept, over a source that tests change.
struct KeptConfiguration: Sendable {
    static let texts = ["sure", "colour", "key", "address", "port"]

    let registry = Registry()
    let admin: Caller
    let keeper: ConfigurationKeeper
    let settings: RuntimeSettings
    let log = WholeLog()
    /// What the file says now; nil for one that cannot be used.
    let file: Source

    final class Source: Sendable {
        let values = Mutex<[String: String]?>([:])
    }

    init(flags: Set<String> = []) async throws {
        let file = Source()
        let below = LiveValue(try Self.configuration([:], flags: flags))
        let settings = RuntimeSettings(over: { below.current }, box: { InMemorySecretBox() })
        self.file = file
        self.settings = settings
        admin = try await registry.administrator()
        keeper = try ConfigurationKeeper(
            over: below, settings: settings, desk: registry.desk, log: log
        ) {
            guard let values = file.values.withLock({ $0 }) else {
                throw ConfigurationRefusal.unreadable("the file cannot be used")
            }
            do throws(UnusableSetting) {
                return try Self.configuration(values, flags: flags)
            } catch {
                throw ConfigurationRefusal.unreadable("\(error.setting) \(error.refusal.expectation)")
            }
        }
    }

    static func configuration(_ file: [String: String], flags: Set<String> = []) throws(UnusableSetting)
        -> EffectiveConfiguration
    {
        func text(_ name: String) -> SettingKey<String?> {
            SettingKey(name) { values throws(SettingRefusal) in values.last }
        }
        let sure = SettingKey<Bool>("sure") { values throws(SettingRefusal) in
            guard let word = values.last, ["yes", "no"].contains(word) else {
                throw SettingRefusal(expectation: "must be yes or no")
            }
            return word == "yes"
        }
        let declarations = [
            SettingDeclaration(sure, summary: "", form: "yes|no", fallback: ["no"], adjustable: .now),
            SettingDeclaration(
                text("colour"), summary: "", form: "NAME", fallback: ["red"], adjustable: .restart),
            SettingDeclaration(text("key"), summary: "", form: "KEY", secret: .everything, adjustable: .now),
            SettingDeclaration(
                text("address"), summary: "", form: "URL", secret: .credentials, adjustable: .now),
            SettingDeclaration(text("port"), summary: "", form: "N", fallback: ["80"]),
        ]
        var settings: [EffectiveSetting] = []
        for declaration in declarations {
            if let value = file[declaration.name] {
                settings.append(EffectiveSetting(declaration, [value], from: .file("/etc/file.json")))
            } else {
                let origin: SettingOrigin = flags.contains(declaration.name) ? .flag : .fallback
                settings.append(EffectiveSetting(declaration, declaration.fallback, from: origin))
            }
        }
        return try EffectiveConfiguration(settings)
    }

    func value(_ name: String) -> String? { keeper.current.setting(named: name)?.values.last }

    @discardableResult
    func edit(_ texts: [String: String?], if tag: String? = nil) async throws -> ConfigurationOutcome {
        var condition: (@Sendable (String) -> Bool)?
        if let tag { condition = { $0 == tag } }
        return try await EditConfiguration(keeper)(texts, if: condition, by: admin, from: Registry.home)
    }

    func history() throws -> [ConfigurationRevision] { try ListRevisions(keeper)(1000, by: admin) }
}

/// Remembers all that is written.
final class WholeLog: Log {
    private let written = Mutex<[String]>([])
    let level = LogLevel.debug
    var lines: [String] { written.withLock { $0 } }

    func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {
        written.withLock { $0.append("\(level) \(event) \(fields)") }
    }
}

@Suite("The configuration of a running server")
struct ConfigurationKeeperTests {
    @Test(
        "O9, O20: a change says what it changed, has a number, a checksum, an author and a time, and is written down"
    )
    func change() async throws {
        let kept = try await KeptConfiguration()
        let first = try await GetConfiguration(kept.keeper)(by: kept.admin)
        #expect(first.version == 0 && first.waiting.isEmpty)
        let outcome = try await kept.edit(["sure": "yes", "colour": "blue"])
        #expect(outcome.report.version == 1 && outcome.report.checksum != first.checksum)
        #expect(
            outcome.changes == [
                SettingChange(name: "sure", kind: .added, old: "no", new: "yes"),
                SettingChange(name: "colour", kind: .added, old: "red", new: "blue"),
            ])
        // What holds at once holds; what waits is told.
        #expect(kept.value("sure") == "yes" && outcome.report.waiting == ["colour"])
        let revision = try #require(try kept.history().first)
        #expect(revision.author == kept.admin.user && revision.at == kept.registry.clock.now())
        #expect(revision.checksum == outcome.report.checksum && revision.changes == outcome.changes)
        #expect(try kept.registry.store.read { try $0.settings.all().map(\.name) } == ["colour", "sure"])
        // What changes nothing is no revision.
        #expect(try await kept.edit(["sure": "yes"]).changes.isEmpty)
        #expect(try kept.history().count == 1)
    }

    @Test("O9: a change of a configuration that has become another one is refused, and changes nothing")
    func stale() async throws {
        let kept = try await KeptConfiguration()
        let tag = try await GetConfiguration(kept.keeper)(by: kept.admin).tag
        try await kept.edit(["sure": "yes"], if: tag)
        await #expect(throws: ConfigurationRefusal.stale) { try await kept.edit(["colour": "blue"], if: tag) }
        #expect(try kept.value("colour") == "red" && kept.history().count == 1)
    }

    @Test(
        "O16, O17: all that is wrong is told at once, and nothing of it is set",
        arguments: [
            ("sure", "perhaps", "must be yes or no"), ("nothing", "1", "is no setting"),
            ("port", "81", "cannot be changed while the server runs; CUTROOM_PORT sets it"),
            ("key", "${file:/etc/shadow}", "must not name a file when it is set from here"),
            ("key", "••••••", "must be the value itself, not what stands for it"),
            ("address", "http://••••••@host", "must be the value itself, not what stands for it"),
        ])
    func refused(name: String, text: String, reason: String) async throws {
        let kept = try await KeptConfiguration()
        await #expect(throws: ConfigurationRefusal.unusable([name: reason])) {
            try await kept.edit([name: text, "colour": "blue"])
        }
        #expect(try ValidateConfiguration(kept.keeper)([name: text], by: kept.admin) == [name: reason])
        #expect(try kept.value("colour") == "red" && kept.history().isEmpty)
    }

    @Test(
        "O18: a flag comes before all else, so that a change of its setting is refused rather than without effect"
    )
    func flag() async throws {
        let kept = try await KeptConfiguration(flags: ["sure"])
        await #expect(throws: ConfigurationRefusal.self) { try await kept.edit(["sure": "yes"]) }
        #expect(kept.value("sure") == "no")
    }

    @Test(
        "O19: a changed file holds as far as it can, keys that are gone are gone, and what was set stays on top"
    )
    func reload() async throws {
        let kept = try await KeptConfiguration()
        let told = Mutex<[[String]]>([])
        await kept.keeper.add(
            ConfigurationKeeper.Subscriber("test") { change in
                told.withLock { $0.append(change.changed) }
                #expect(change.old.differences(to: change.new) == change.changed)
            })
        let reload = ReloadConfiguration(kept.keeper)
        kept.file.values.withLock { $0 = ["sure": "yes", "port": "81"] }
        let outcome = try await reload()
        #expect(outcome.changes.map(\.name) == ["sure", "port"] && outcome.report.waiting == ["port"])
        #expect(try kept.value("sure") == "yes" && kept.history().first?.author == nil)
        try await kept.edit(["colour": "blue"])
        kept.file.values.withLock { $0 = ["colour": "green"] }
        #expect(try await reload(by: kept.admin, from: Registry.home).changes.count == 2)
        #expect(kept.value("sure") == "no" && kept.value("port") == "80" && kept.value("colour") == "blue")
        #expect(try kept.history().map(\.cause) == [.reload, .change, .reload])
        // Nothing has changed: nothing is told, and there is no revision.
        #expect(try await reload().changes.isEmpty)
        #expect(told.withLock { $0 } == [["sure", "port"], ["colour"], ["sure", "port"]])
    }

    @Test("O19: a file that cannot be used keeps the last good one, the health says so until it can")
    func lastGood() async throws {
        let kept = try await KeptConfiguration()
        let reload = ReloadConfiguration(kept.keeper)
        kept.file.values.withLock { $0 = ["sure": "yes"] }
        _ = try await reload()
        for broken in [nil, ["sure": "perhaps", "colour": "blue"]] {
            kept.file.values.withLock { $0 = broken }
            await #expect(throws: ConfigurationRefusal.self) { _ = try await reload() }
            #expect(kept.value("sure") == "yes" && kept.value("colour") == "red")
            let health = await ConfigurationProbe(kept.keeper).check()
            #expect(health.level == .degraded && !health.isEssential)
        }
        // A change that is made meanwhile does not make it well.
        try await kept.edit(["colour": "blue"])
        #expect(kept.keeper.health.level == .degraded)
        kept.file.values.withLock { $0 = ["sure": "yes"] }
        _ = try await reload()
        #expect(kept.keeper.health.level == .healthy)
    }

    @Test("O19: a part may object before anything changes, and says why")
    func veto() async throws {
        let kept = try await KeptConfiguration()
        let told = Atomic(0)
        await kept.keeper.add(
            ConfigurationKeeper.Subscriber("first") { _ in told.add(1, ordering: .relaxed) })
        await kept.keeper.add(
            ConfigurationKeeper.Subscriber("painter") { change in
                if change.new.setting(named: "colour")?.values == ["blue"] {
                    throw ConfigurationRefusal.unreadable("no blue is left")
                }
            } commit: { _ in
            })
        kept.file.values.withLock { $0 = ["colour": "blue"] }
        await #expect(throws: ConfigurationRefusal.self) { _ = try await ReloadConfiguration(kept.keeper)() }
        let refusal = await #expect(throws: ConfigurationRefusal.self) {
            try await kept.edit(["colour": "blue", "sure": "yes"])
        }
        #expect(refusal?.explanation.contains("painter") == true)
        #expect(refusal?.explanation.contains("no blue is left") == true)
        #expect(try kept.value("sure") == "no" && kept.history().isEmpty)
        #expect(told.load(ordering: .relaxed) == 0)
    }

    @Test("O20: a rollback brings back what was set then, secrets among it, and is itself remembered")
    func rollback() async throws {
        let kept = try await KeptConfiguration()
        try await kept.edit(["key": "sesame", "colour": "blue"])
        try await kept.edit(["key": nil, "colour": "green", "sure": "yes"])
        let back = RollBackConfiguration(kept.keeper)
        let outcome = try await back(to: 1, by: kept.admin, from: Registry.home)
        #expect(outcome.report.version == 3 && kept.value("key") == "sesame")
        #expect(kept.value("colour") == "blue" && kept.value("sure") == "no")
        #expect(!"\(try kept.history())".contains("sesame"))
        await #expect(throws: NotFound.revision) {
            try await back(to: 9, by: kept.admin, from: Registry.home)
        }
    }

    @Test("O9: a reset leaves the defaults, not nothing, and is remembered")
    func reset() async throws {
        let kept = try await KeptConfiguration()
        try await kept.edit(["key": "sesame", "sure": "yes"])
        let outcome = try await ResetConfiguration(kept.keeper)(by: kept.admin, from: Registry.home)
        #expect(outcome.changes.map(\.kind) == [.removed, .removed])
        #expect(kept.value("sure") == "no" && kept.value("key") == nil && kept.value("port") == "80")
        #expect(try kept.history().map(\.cause) == [.reset, .change])
    }

    @Test("O20: what is taken out can be brought in elsewhere, but for secrets")
    func export() async throws {
        let kept = try await KeptConfiguration()
        try await kept.edit([
            "key": "sesame", "address": "http://ada:sesame@host", "sure": "yes", "colour": "blue",
        ])
        let export = try await ExportConfiguration(kept.keeper)(by: kept.admin)
        #expect(export.values.map(\.name) == ["colour", "sure"])
        let other = try await KeptConfiguration()
        try await other.edit(["key": "other"])
        let outcome = try await ImportConfiguration(other.keeper)(
            Dictionary(uniqueKeysWithValues: export.values.map { ($0.name, $0.text) }), by: other.admin,
            from: Registry.home)
        #expect(
            outcome.changes.count == 2 && other.value("key") == "other" && other.value("colour") == "blue")
    }

    @Test("O9, C63: what is set one by one and what is set together is one thing, with one history")
    func oneWay() async throws {
        let kept = try await KeptConfiguration()
        let change = ChangeSetting(desk: kept.registry.desk, settings: kept.settings)
        _ = try await change("sure", to: "yes", by: kept.admin, from: Registry.home)
        #expect(try await GetConfiguration(kept.keeper)(by: kept.admin).version == 1)
        #expect(kept.value("sure") == "yes")
        try await kept.edit(["sure": nil])
        let list = ListSettings(desk: kept.registry.desk, settings: kept.settings)
        #expect(try !list("sure", by: kept.admin).isSet && kept.value("sure") == "no")
        #expect(try kept.registry.trail(.settingChanged).count == 2)
    }

    @Test("only administrators look, and only those who have signed in change anything: no key does")
    func access() async throws {
        let kept = try await KeptConfiguration()
        let user = Caller(user: kept.admin.user, role: .user, means: kept.admin.means)
        let key = Caller(
            user: kept.admin.user, role: .admin,
            means: .apiKey(Identifier(high: 1, low: 1), Scope.forKeys))
        _ = try await GetConfiguration(kept.keeper)(by: key)
        await #expect(throws: AccessError.self) { try await GetConfiguration(kept.keeper)(by: user) }
        await #expect(throws: AccessError.self) { try await ExportConfiguration(kept.keeper)(by: user) }
        #expect(throws: AccessError.self) { try ListRevisions(kept.keeper)(5, by: user) }
        #expect(throws: AccessError.self) { try ValidateConfiguration(kept.keeper)([:], by: user) }
        for caller in [user, key] {
            await #expect(throws: AccessError.self) {
                try await EditConfiguration(kept.keeper)(["sure": "yes"], by: caller, from: Registry.home)
            }
            await #expect(throws: AccessError.self) {
                try await ImportConfiguration(kept.keeper)(["sure": "yes"], by: caller, from: Registry.home)
            }
            await #expect(throws: AccessError.self) {
                try await RollBackConfiguration(kept.keeper)(to: 1, by: caller, from: Registry.home)
            }
            await #expect(throws: AccessError.self) {
                try await ResetConfiguration(kept.keeper)(by: caller, from: Registry.home)
            }
        }
        await #expect(throws: AccessError.self) {
            try await ReloadConfiguration(kept.keeper)(by: user, from: Registry.home)
        }
        #expect(try kept.history().isEmpty)
    }
}

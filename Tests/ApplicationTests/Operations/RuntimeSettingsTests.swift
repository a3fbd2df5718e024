import Application
import Domain
import Testing

@Suite("Settings that administrators change")
struct RuntimeSettingsTests {
    private let registry = Registry()

    private func change(_ settings: RuntimeSettings) -> ChangeSetting {
        ChangeSetting(desk: registry.desk, settings: settings)
    }

    @Test(
        "C63: which value holds depends on where the other one comes from, and on whether this one overrides",
        arguments: [
            (SettingSource.fallback, false, true), (.fallback, true, true), (.file, false, false),
            (.file, true, true), (.environment, false, false), (.environment, true, true),
            (.flag, false, false), (.flag, true, false),
        ])
    func precedence(given: SettingSource, overrides: Bool, holds: Bool) async throws {
        let admin = try await registry.administrator()
        let settings = registry.settings(given: given)
        let list = ListSettings(desk: registry.desk, settings: settings)
        let before = try list("sure", by: admin)
        #expect(before.source == given && !before.isSet && before.changedAt == nil)
        let status = try await change(settings)(
            "sure", to: "yes", overriding: overrides, by: admin, from: Registry.home)
        #expect(status.source == (holds ? .administrator : given))
        #expect(status.isSet && status.overrides == overrides && status.changedBy == admin.user)
        #expect(status.reason != before.reason && !status.reason.contains("yes"))
        let (one, all) = try registry.store.read { reader in
            (try settings.value(of: "sure", in: reader), try settings.values(in: reader).texts)
        }
        #expect(one == (holds ? "yes" : nil))
        #expect(all == (holds ? ["sure": "yes"] : [:]))
        #expect(try list(by: admin).map(\.source) == [status.source, given])
    }

    @Test("C63: a value is kept sealed for its setting alone, and told to nobody")
    func sealed() async throws {
        let admin = try await registry.administrator()
        let settings = registry.settings
        _ = try await change(settings)("key", to: "sesame", by: admin, from: Registry.home)
        let stored = try #require(try registry.store.read { try $0.settings.find("key") })
        #expect(stored.sealed == InMemorySecretBox().seal(Array("sesame".utf8), context: "setting:key"))
        // The value of one setting in the place of another's opens to nothing.
        try await registry.store.write { writer in
            try writer.settingWriter.put(
                StoredSetting(
                    name: "sure", sealed: stored.sealed, overrides: true, changedAt: stored.changedAt,
                    changedBy: stored.changedBy))
        }
        let values = try registry.store.read { try settings.values(in: $0) }
        #expect(values.texts == ["key": "sesame"] && values.unusable == ["sure"])
        let shown = try ListSettings(desk: registry.desk, settings: settings)(by: admin)
        #expect(shown.map(\.source) == [.fallback, .administrator] && shown.map(\.isSet) == [true, true])
        #expect(shown[0].reason.contains("cannot be used"))
        #expect(!"\(shown)".contains("sesame"))
    }

    @Test("C63, A60: each change stands in the audit trail, without the value")
    func audited() async throws {
        let admin = try await registry.administrator()
        let settings = registry.settings
        let clear = ClearSetting(desk: registry.desk, settings: settings)
        #expect(
            try await registry.writes { _ = try await clear("key", by: admin, from: Registry.home) } == 0)
        _ = try await change(settings)(
            "key", to: "sesame", overriding: true, by: admin, from: Registry.home)
        registry.clock.advance(by: .seconds(1))
        let cleared = try await clear("key", by: admin, from: Registry.home)
        #expect(!cleared.isSet && cleared.source == .fallback)
        let lines = try registry.trail(.settingChanged)
        #expect(lines.map(\.detail) == ["cleared", "set, to override the environment"])
        #expect(
            lines.allSatisfy {
                $0.subject == .thing(kind: "setting", id: "key", owner: nil)
                    && $0.initiator == .user(admin.user) && $0.address == Registry.home.address
            })
        #expect(try registry.store.read { try $0.settings.all() }.isEmpty)
        #expect(!"\(try registry.trail())".contains("sesame"))
    }

    @Test("a value that the setting does not take is refused, and changes nothing")
    func refused() async throws {
        let admin = try await registry.administrator()
        let change = change(registry.settings)
        let writes = await registry.writes {
            await #expect(throws: SettingRefusal(expectation: "must be yes or no")) {
                try await change("sure", to: "perhaps", by: admin, from: Registry.home)
            }
        }
        #expect(writes == 0)
    }

    @Test("a value that an earlier version of the program took counts for nothing")
    func outdated() async throws {
        let admin = try await registry.administrator()
        let settings = registry.settings
        let sealed = InMemorySecretBox().seal(Array("perhaps".utf8), context: "setting:sure")
        try await registry.store.write { writer in
            for name in ["sure", "former"] {
                try writer.settingWriter.put(
                    StoredSetting(
                        name: name, sealed: sealed, overrides: true, changedAt: Timestamp(milliseconds: 1),
                        changedBy: admin.user))
            }
        }
        let values = try registry.store.read { try settings.values(in: $0) }
        #expect(values.texts.isEmpty && values.unusable == ["sure"])
        #expect(try registry.store.read { try settings.value(of: "sure", in: $0) } == nil)
        #expect(try registry.store.read { try settings.value(of: "former", in: $0) } == nil)
    }
}

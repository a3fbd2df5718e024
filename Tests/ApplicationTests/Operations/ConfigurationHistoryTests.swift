import Application
import Domain
import Synchronization
import Testing

@Suite("The history of the configuration")
struct ConfigurationHistoryTests {
    /// What is set, as a test that knows no keeper would remember it.
    private typealias Model = [String: String]

    @Test(
        "O20: after any changes, reloads, rollbacks and resets the history tells how it came to what holds",
        arguments: 1...8 as ClosedRange<UInt64>)
    func anySequence(seed: UInt64) async throws {
        let random = SeededRandomSource(seed: seed)
        let kept = try await KeptConfiguration()
        var set: Model = [:]
        var file: Model = [:]
        var states: [Int64: Model] = [0: [:]]
        var version: Int64 = 0
        func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int(random.next() % UInt64(elements.count))]
        }
        for _ in 0..<60 {
            let outcome: ConfigurationOutcome
            switch random.next() % 8 {
            case 0:
                file = pick([[:], ["sure": "yes"], ["port": "81", "colour": "green"], ["sure": "no"]])
                kept.file.values.withLock { [file] in $0 = file }
                outcome = try await ReloadConfiguration(kept.keeper)()
            case 1:
                set = [:]
                outcome = try await ResetConfiguration(kept.keeper)(by: kept.admin, from: Registry.home)
            case 2 where version > 0:
                let target = pick(Array(1...version))
                set = try #require(states[target])
                outcome = try await RollBackConfiguration(kept.keeper)(
                    to: target, by: kept.admin, from: Registry.home)
            default:
                let name = pick(["sure", "colour", "key", "address"])
                let values: [String?] = name == "sure" ? ["yes", "no", nil] : ["a", "b", nil]
                let value = pick(values)
                set[name] = value
                outcome = try await kept.edit([name: value])
            }
            // Whatever changes nothing that is set or holds has no number of its own.
            #expect(outcome.report.version == version || outcome.report.version == version + 1)
            #expect(outcome.changes.isEmpty || outcome.report.version == version + 1)
            version = outcome.report.version
            states[version] = set
            for name in KeptConfiguration.texts {
                let fallback = ["sure": "no", "colour": "red", "port": "80"][name]
                #expect(kept.value(name) == set[name] ?? file[name] ?? fallback, "\(name) at \(version)")
            }
        }
        let history = try kept.history()
        #expect(history.map(\.number) == (1...version).reversed())
        #expect(history.first?.checksum == kept.keeper.current.checksumForTests)
        // Each change begins where the one before ended.
        var shown: [String: String?] = [:]
        for change in history.reversed().flatMap(\.changes) {
            if let before = shown[change.name] { #expect(before == change.old, "\(change)") }
            shown[change.name] = change.new
        }
    }

    @Test("O20: of more revisions than are remembered the oldest are forgotten")
    func bounded() async throws {
        let kept = try await KeptConfiguration()
        let remembered = Int(ConfigurationRevision.remembered)
        for number in 1...remembered + 5 { try await kept.edit(["colour": "\(number)"]) }
        let history = try kept.history()
        #expect(history.count == remembered && history.last?.number == 6)
        await #expect(throws: NotFound.revision) {
            try await RollBackConfiguration(kept.keeper)(to: 5, by: kept.admin, from: Registry.home)
        }
    }

    @Test("O20: changes that are made at once are all made, one after the other")
    func atOnce() async throws {
        let kept = try await KeptConfiguration()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                let name = number % 2 == 0 ? "colour" : "key"
                group.addTask { _ = try await kept.edit([name: "\(number)"]) }
            }
            try await group.waitForAll()
        }
        #expect(try kept.history().map(\.number) == (1...20).reversed())
    }

    @Test("A20, O20: a secret does not show however things are printed, dumped or told")
    func secrets() async throws {
        let kept = try await KeptConfiguration()
        kept.file.values.withLock { $0 = ["key": "sesame-of-file", "address": "http://ada:sesame@host/"] }
        let reloaded = try await ReloadConfiguration(kept.keeper)()
        let edited = try await kept.edit(["key": "sesame-of-admin"])
        let rolled = try await RollBackConfiguration(kept.keeper)(
            to: 1, by: kept.admin, from: Registry.home)
        kept.file.values.withLock { $0 = ["key": "sesame", "sure": "sesame"] }
        let failed = await #expect(throws: ConfigurationRefusal.self) {
            _ = try await ReloadConfiguration(kept.keeper)()
        }
        let export = try await ExportConfiguration(kept.keeper)(by: kept.admin)
        var dumped = ""
        for outcome in [reloaded, edited, rolled] {
            dump(outcome, to: &dumped)
            print(outcome, to: &dumped)
        }
        dump(try kept.history(), to: &dumped)
        dump(export, to: &dumped)
        dump(kept.keeper.current, to: &dumped)
        debugPrint(kept.keeper.current.settings, to: &dumped)
        print(kept.log.lines, kept.keeper.health, try kept.registry.trail(), to: &dumped)
        // "sure" is no secret, and "sesame" no value of it: that much may be told.
        #expect(failed?.explanation.contains("sure=sesame") == true)
        #expect(!dumped.replacingSure.contains("sesame"))
    }

    @Test("O15: what holds is found whole by those who read while it is replaced")
    func live() async throws {
        final class Pair: Sendable {
            let numbers: [Int]
            init(_ number: Int) { numbers = [number, -number] }
        }
        final class End: Sendable {
            let isReached = Atomic(false)
        }
        let live = LiveValue(Pair(0))
        let end = End()
        await withTaskGroup(of: Int.self) { group in
            group.addTask {
                for number in 1...20_000 { live.replace(by: Pair(number)) }
                end.isReached.store(true, ordering: .releasing)
                return 0
            }
            group.addTask {
                var torn = 0
                var last = 0
                while !end.isReached.load(ordering: .acquiring) {
                    let pair = live.current
                    if pair.numbers[0] != -pair.numbers[1] || pair.numbers[0] < last { torn += 1 }
                    last = pair.numbers[0]
                }
                return torn
            }
            for await torn in group { #expect(torn == 0) }
        }
        #expect(live.current.numbers == [20_000, -20_000])
    }

    @Test("O15: each value is read once, and a setting is found by its key among any others")
    func parsedOnce() throws {
        let count = Atomic(0)
        let counted = SettingKey<Int>("counted") { values throws(SettingRefusal) in
            count.add(1, ordering: .relaxed)
            return Int(values.last ?? "") ?? 0
        }
        let other = SettingKey<String>("other") { values throws(SettingRefusal) in values.last ?? "" }
        func setting<Value: Sendable>(_ key: SettingKey<Value>, _ value: String) -> EffectiveSetting {
            EffectiveSetting(SettingDeclaration(key, summary: "", form: ""), [value], from: .fallback)
        }
        let first = try EffectiveConfiguration([setting(counted, "5"), setting(other, "x")])
        for _ in 0..<10 { #expect(first[counted] == 5 && first[other] == "x") }
        #expect(count.load(ordering: .relaxed) == 1)
        let second = try EffectiveConfiguration([setting(other, "y"), setting(counted, "6")])
        #expect(second[counted] == 6 && second[other] == "y" && first[counted] == 5)
    }
}

extension EffectiveConfiguration {
    /// The checksum that a revision of this would have.
    fileprivate var checksumForTests: String {
        ConfigurationRevision.checksum(of: settings.flatMap { [$0.declaration.name, $0.shown] })
    }
}

extension String {
    /// The text without the one value that is no secret and yet says "sesame".
    fileprivate var replacingSure: String {
        var text = self
        while let range = text.firstRange(of: "sure=sesame") { text.removeSubrange(range) }
        return text
    }
}

import Application
import ApplicationConformance
import Domain
import FoundationEssentials
import Infrastructure
import TestSupport
import Testing

@Suite("The file cache") struct FileCacheTests {
    private static let someone = Identifier<User>(high: 1, low: 1)

    private func key(_ settings: String, _ byte: UInt8 = 7, of owner: Identifier<User> = User.local)
        -> ArtefactKey
    {
        ArtefactKey(
            owner: owner, contents: [ContentHash(bytes: [UInt8](repeating: byte, count: 32))!],
            settings: settings)
    }

    private let transcript = Transcript(
        words: [
            Word(
                text: "Hello", span: TimeSpan(start: 0.25, end: 0.75), confidence: 0.5,
                speaker: Speaker(label: "A")),
            Word(text: "world.", span: TimeSpan(start: 1, end: 1.5)),
        ], language: "en", engine: "test")

    private let analysis = Analysis(
        highlights: [
            Highlight(
                span: TimeSpan(start: 1, end: 20), title: "A title", text: "some text",
                score: HighlightScore(hook: 1, engagement: 2, value: 3, shareability: 4), hookType: .story,
                reasoning: "why")
        ], summary: nil, keyTopics: ["one"], finder: "offline")

    private func open(
        _ folder: String, clock: InMemoryClock = InMemoryClock(), lifetime: Duration = .seconds(100),
        mostBytes: Int64 = 1 << 20
    ) throws -> FileCache {
        try FileCache(folder: folder + "/cache", lifetime: lifetime, mostBytes: mostBytes, clock: clock)
    }

    @Test("it keeps every promise of an artefact cache", arguments: ArtefactCacheConformance.rules)
    func conformance(_ rule: ConformanceRule<any ArtefactCache>) async throws {
        try await withTemporaryFolder { folder in try await rule.run { try open(folder) } }
    }

    @Test("C68: what was kept is found again, scores and word times included, also by another process")
    func survives() async throws {
        try await withTemporaryFolder { folder in
            let cache = try open(folder)
            await cache.keep(transcript, for: key("a"))
            await cache.keep(analysis, for: key("a"))
            for reader in [cache, try open(folder)] {
                #expect(await reader.transcript(for: key("a")) == transcript)
                #expect(await reader.analysis(for: key("a")) == analysis)
                #expect(reader.statistics().entries == 2 && reader.statistics().hits == 2)
            }
        }
    }

    @Test("C68: other contents and other settings are other artefacts")
    func keysDiffer() async throws {
        try await withTemporaryFolder { folder in
            let cache = try open(folder)
            await cache.keep(transcript, for: key("a"))
            #expect(await cache.transcript(for: key("b")) == nil)
            #expect(await cache.transcript(for: key("a", 8)) == nil)
            #expect(await cache.analysis(for: key("a")) == nil)
            #expect(cache.statistics().misses == 3)
        }
    }

    @Test("C68: an artefact that is too old is forgotten and removed")
    func expires() async throws {
        try await withTemporaryFolder { folder in
            let clock = InMemoryClock()
            let cache = try open(folder, clock: clock)
            await cache.keep(transcript, for: key("a"))
            clock.advance(by: .seconds(99))
            #expect(await cache.transcript(for: key("a")) != nil)
            clock.advance(by: .seconds(1))
            #expect(await cache.transcript(for: key("a")) == nil)
            let statistics = cache.statistics()
            #expect(statistics.expired == 1 && statistics.entries == 0 && statistics.bytes == 0)
            #expect(try names(in: folder).isEmpty)
        }
    }

    /// The files of the local user.
    private func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder)/cache/\(User.local)")
    }

    @Test("what was kept for an owner leaves nothing behind, and is not counted any more")
    func forgotten() async throws {
        try await withTemporaryFolder { folder in
            let cache = try open(folder)
            for settings in ["a", "b"] { await cache.keep(transcript, for: key(settings)) }
            await cache.keep(transcript, for: key("a", of: Self.someone))
            let bytes = cache.statistics().bytes
            try await cache.forgetAll(of: User.local)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder + "/cache")
                    == ["\(Self.someone)"])
            #expect(cache.statistics().entries == 1 && cache.statistics().bytes == bytes / 3)
        }
    }

    @Test("files that stand in no owner's folder are removed: nobody finds them")
    func unowned() async throws {
        try await withTemporaryFolder { folder in
            _ = try open(folder)
            writeFile([1], to: folder + "/cache/0123456789abcdef")
            _ = try open(folder)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/cache").isEmpty)
        }
    }

    @Test("C68: beyond its bound the oldest go first, and the bound holds")
    func evicts() async throws {
        try await withTemporaryFolder { folder in
            let clock = InMemoryClock()
            let cache = try open(folder, clock: clock, lifetime: .seconds(10_000), mostBytes: 1_000)
            for index in 0..<50 {
                clock.advance(by: .seconds(1))
                await cache.keep(transcript, for: key("\(index)"))
                #expect(cache.statistics().bytes <= 1_000)
            }
            #expect(await cache.transcript(for: key("49")) == transcript)
            #expect(await cache.transcript(for: key("0")) == nil)
            #expect(cache.statistics().evicted > 30)
        }
    }

    @Test(
        "C68: damaged entries count as forgotten, wherever the damage is", arguments: [0, 31, 32, 33, 40, -1])
    func damaged(position: Int) async throws {
        try await withTemporaryFolder { folder in
            let cache = try open(folder)
            await cache.keep(transcript, for: key("a"))
            let name = try #require(try names(in: folder).first)
            let path = "\(folder)/cache/\(User.local)/\(name)"
            var bytes = try #require(readFile(path))
            if position < 0 { bytes.removeLast(9) } else { bytes[position] ^= 1 }
            writeFile(bytes, to: path)
            #expect(await cache.transcript(for: key("a")) == nil)
            #expect(cache.statistics().corrupt == 1)
            await cache.keep(transcript, for: key("a"))
            #expect(await cache.transcript(for: key("a")) == transcript)
        }
    }

    @Test("what a dead process left unfinished is removed, what a living one writes is not")
    func orphans() async throws {
        try await withTemporaryFolder { folder in
            let clock = InMemoryClock(at: Timestamp(milliseconds: 4_000_000_000_000))
            let path = "\(folder)/cache/\(User.local)/x.1-1.tmp"
            try FileManager.default.createDirectory(
                atPath: "\(folder)/cache/\(User.local)", withIntermediateDirectories: true)
            writeFile([1], to: path)
            _ = try open(folder, clock: clock)
            #expect(try names(in: folder).isEmpty)
            writeFile([1], to: path)
            _ = try open(folder, clock: InMemoryClock(at: Timestamp(milliseconds: 1_000)))
            #expect(try names(in: folder).count == 1)
        }
    }

    @Test("call checkpoints outlive their process, are replaced and removed")
    func checkpoints() async throws {
        try await withTemporaryFolder { folder in
            let first = try FileCallCheckpoints(folder: folder + "/calls", clock: InMemoryClock())
            #expect(try await first.value(for: "a/b c") == nil)
            try await first.put("one", for: "a/b c")
            try await first.put("two", for: "a/b c")
            let second = try FileCallCheckpoints(folder: folder + "/calls", clock: InMemoryClock())
            #expect(try await second.value(for: "a/b c") == "two")
            #expect(try await second.value(for: "other") == nil)
            try await second.remove("a/b c")
            try await second.remove("a/b c")
            #expect(try await first.value(for: "a/b c") == nil)
        }
    }
}

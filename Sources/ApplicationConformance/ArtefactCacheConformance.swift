public import Application
import Domain

/// What every artefact cache promises.
public enum ArtefactCacheConformance {
    /// All promises.
    public static let rules: [ConformanceRule<any ArtefactCache>] = [
        ConformanceRule("what was kept is found under its key, whole") { cache in
            try expect(await cache.transcript(for: key()), is: nil, "a transcript that was never kept")
            try expect(await cache.analysis(for: key()), is: nil, "an analysis that was never kept")
            await cache.keep(Sample.transcript, for: key())
            await cache.keep(Sample.analysis, for: key())
            try expect(await cache.transcript(for: key()), is: Sample.transcript, "the transcript")
            try expect(await cache.analysis(for: key()), is: Sample.analysis, "the analysis")
        },
        ConformanceRule(
            "another owner, other contents, another order of them or other settings are another key"
        ) { cache in
            await cache.keep(Sample.transcript, for: key())
            for other in [
                key(owner: 2), key(contents: [2, 1]), key(contents: [1]), key(settings: "other"),
                key(settings: ""),
            ] {
                try expect(await cache.transcript(for: other), is: nil, "what was kept under another key")
            }
        },
        ConformanceRule("what is kept later replaces what was kept before") { cache in
            let later = Transcript(words: [], language: nil, engine: "later")
            await cache.keep(Sample.transcript, for: key())
            await cache.keep(later, for: key())
            try expect(await cache.transcript(for: key()), is: later, "the transcript")
        },
        ConformanceRule("what was kept for an owner goes with the owner, and nothing of others") { cache in
            try await cache.forgetAll(of: Sample.someone(1))
            for owner in [1, 2] {
                await cache.keep(Sample.transcript, for: key(owner: owner))
                await cache.keep(Sample.analysis, for: key(owner: owner))
            }
            try await cache.forgetAll(of: Sample.someone(1))
            try expect(await cache.transcript(for: key()), is: nil, "a transcript of who has gone")
            try expect(await cache.analysis(for: key()), is: nil, "an analysis of who has gone")
            try expect(
                await cache.transcript(for: key(owner: 2)), is: Sample.transcript, "another's transcript")
            await cache.keep(Sample.analysis, for: key())
            try expect(await cache.analysis(for: key()), is: Sample.analysis, "what is kept later")
        },
    ]

    private static func key(
        owner: Int = 1, contents: [Int] = [1, 2], settings: String = "a=1;b=ü/\n"
    ) -> ArtefactKey {
        ArtefactKey(
            owner: Sample.someone(owner), contents: contents.map(Sample.hash), settings: settings)
    }
}

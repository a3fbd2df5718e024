package import Application
package import Domain

/// Finds highlights without any service, by the ranker of the Domain.
///
/// It always answers.
package struct OfflineFinder: HighlightFinder {
    /// Its stable name.
    package let name = "offline"
    /// The version of the ranking: one that chooses differently gets another number.
    package let settings = "1"

    /// A finder.
    package init() {}

    /// The best moments by their words, sound and pictures; the ranges that were given by hand where there are
    /// any.
    package func find(_ request: HighlightRequest, progress: @escaping ProgressReport) async throws
        -> Analysis
    {
        try await OwnThread.run { _ in
            let ranking = Ranking(request)
            return request.options.ranges.isEmpty
                ? ranking.analysis(for: request.options, finder: name)
                : ranking.analysis(of: request.options.ranges, finder: name)
        }
    }
}

extension Ranking {
    /// The ranking of what a finder is asked about.
    init(_ request: HighlightRequest) {
        self.init(
            transcript: request.transcript,
            signals: RankingSignals(
                duration: request.facts.duration, loudness: request.audio?.loudness ?? [],
                loudnessInterval: SpeechAudio.loudnessInterval, pictures: request.pictures),
            topic: request.options.topic)
    }
}

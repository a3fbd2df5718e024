import Domain

/// The third stage: asks the finders, in order, which moments are worth sharing.
struct AnalyzeSource: Sendable {
    let owner: Identifier<User>
    let finders: [any HighlightFinder]
    let cache: any ArtefactCache

    /// The best moments that can be shown: within what decodes, no more than wanted.
    ///
    /// - Throws: ``Domain/ClippingError/rangesOutside(duration:)``, or the last finder's failure.
    func callAsFunction(
        _ request: HighlightRequest, source: SourceVideo, progress: @escaping ProgressReport
    ) async throws -> Analysis {
        let found = try await find(request, source: source, progress: progress)
        let playable = TimeSpan(start: 0, end: min(request.facts.duration, request.pictures.end))
        let highlights = found.highlights.prefix(max(request.options.count, request.options.ranges.count))
            .compactMap { highlight -> Highlight? in
                let span = highlight.span.clamped(to: playable)
                guard span.duration >= MediaLimits.leastDuration else { return nil }
                return Highlight(
                    span: span, title: highlight.title, text: request.transcript.text(in: span),
                    score: highlight.score, hookType: highlight.hookType, reasoning: highlight.reasoning)
            }
        return Analysis(
            highlights: highlights, summary: found.summary, keyTopics: found.keyTopics, finder: found.finder)
    }

    private func find(
        _ request: HighlightRequest, source: SourceVideo, progress: @escaping ProgressReport
    ) async throws -> Analysis {
        var failure: (any Error)?
        for finder in finders {
            try Task.checkCancellation()
            let key = ArtefactKey(
                owner: owner, contents: [source.file.hash],
                settings: "analysis|\(finder.name)|\(finder.settings)|\(request.identity)")
            if let known = await cache.analysis(for: key) { return known }
            do {
                let analysis = try await finder.find(request, progress: progress)
                // Nothing is kept for an owner who may be gone.
                try Task.checkCancellation()
                await cache.keep(analysis, for: key)
                return analysis
            } catch let resting as UpstreamResting {
                failure = resting.unavailable
            } catch let error where !error.endsTheAttempt {
                failure = error
            }
        }
        throw failure ?? PortError.unavailable("no finder is configured")
    }
}

extension HighlightRequest {
    /// What an analysis depends on besides the source's contents, as one text.
    fileprivate var identity: String {
        "\(options.count)|\(options.minDuration)|\(options.maxDuration)|\(options.topic ?? "")|"
            + "\(options.language ?? "")|\(options.mode.rawValue)|"
            + options.ranges.map { "\($0.start)-\($0.end)" }.joined(separator: ",")
            + "|\(transcript.engine)|\(transcript.language ?? "")|"
            // The same source may come with other captions, or be recognised by a better model.
            + transcript.words.map { "\($0.span.start) \($0.span.end) \($0.speaker?.label ?? "") \($0.text)" }
            .joined(separator: "|")
    }
}

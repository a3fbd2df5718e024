package import Application
package import Domain

/// Asks a language model for highlights and holds its answers against the transcript.
///
/// A long transcript is shown in windows that overlap, so nothing depends on its length. An answer that cannot
/// be used is asked for once more; then ``PortError/unavailable(_:retryAfter:)`` lets the next finder try.
package struct ModelFinder: HighlightFinder {
    /// The characters of transcript that a model is shown at once; about six thousand tokens of English.
    package static let usualWindow = 24_000
    /// The share of a window that the next one repeats, so that a moment on the border is seen whole.
    private static let overlapShare = 0.15
    /// The version of the prompt.
    private static let promptVersion = 1

    private let model: any LanguageModel
    private let window: Int

    /// A finder that asks `model`, showing it `window` characters at once.
    package init(model: any LanguageModel, window: Int = ModelFinder.usualWindow) {
        self.model = model
        self.window = max(1_000, window)
    }

    /// The model's name.
    package var name: String { model.name }
    /// The model and the prompt.
    package var settings: String { "\(model.settings)|\(Self.promptVersion)|\(window)" }

    /// The model's moments that the transcript bears out.
    package func find(_ request: HighlightRequest, progress: @escaping ProgressReport) async throws
        -> Analysis
    {
        let (ranking, sentences) = try await OwnThread.run { _ in
            (Ranking(request), request.transcript.sentences)
        }
        guard request.options.ranges.isEmpty else {
            return try await OwnThread.run { _ in
                ranking.analysis(of: request.options.ranges, finder: name)
            }
        }
        guard !sentences.isEmpty else {
            throw PortError.unavailable("\(name) finds nothing where nothing is said")
        }
        let windows = windows(of: sentences)
        var findings: [HighlightPrompt.Findings] = []
        for (index, window) in windows.enumerated() {
            progress(Double(index) / Double(windows.count), "asking \(name)")
            findings.append(
                try await ask(about: sentences[window], ranking: ranking, options: request.options))
        }
        return try await OwnThread.run { [findings] _ in
            let highlights = ranking.grounded(findings.flatMap(\.proposals), options: request.options)
            guard !highlights.isEmpty else {
                throw PortError.unavailable("\(name) found no moment in the transcript")
            }
            let own = ranking.analysis(of: [], finder: name)
            return Analysis(
                highlights: highlights, summary: summary(findings) ?? own.summary,
                keyTopics: topics(findings).isEmpty ? own.keyTopics : topics(findings), finder: name)
        }
    }

    private func ask(about sentences: ArraySlice<Sentence>, ranking: Ranking, options: ClipOptions)
        async throws
        -> HighlightPrompt.Findings
    {
        let prompt = HighlightPrompt(options: options)
        for repeated in [false, true] {
            let text = try await model.answer(prompt.question(about: sentences, repeated: repeated))
            guard let findings = prompt.findings(in: text) else { continue }
            // Nothing but inventions is as useless as nonsense; nothing at all is an answer.
            if findings.proposals.isEmpty { return findings }
            let isBorneOut = try await OwnThread.run { _ in
                !ranking.grounded(findings.proposals, options: options).isEmpty
            }
            if isBorneOut { return findings }
        }
        throw PortError.unavailable("\(name) answers with nothing that the transcript bears out")
    }

    /// The windows of sentences, each beginning before the one before it ends.
    private func windows(of sentences: [Sentence]) -> [Range<Int>] {
        var windows: [Range<Int>] = []
        var start = 0
        while start < sentences.count {
            var end = start
            var size = 0
            while end < sentences.count, end == start || size + sentences[end].text.utf8.count + 16 <= window
            {
                size += sentences[end].text.utf8.count + 16
                end += 1
            }
            windows.append(start..<end)
            guard end < sentences.count else { break }
            var shared = 0
            var next = end
            while next > start + 1, shared < Int(Double(window) * Self.overlapShare) {
                next -= 1
                shared += sentences[next].text.utf8.count + 16
            }
            start = max(next, start + 1)
        }
        return windows
    }

    /// The summary of the only window, or the first sentences of at most three windows spread over the whole.
    private func summary(_ findings: [HighlightPrompt.Findings]) -> String? {
        let summaries = findings.compactMap(\.summary)
        guard summaries.count > 1 else { return summaries.first }
        let step = max(1, (summaries.count + 2) / 3)
        let firsts = stride(from: 0, to: summaries.count, by: step).map { index in
            var words: [String] = []
            for word in summaries[index].split(separator: " ") {
                words.append(String(word))
                if words[words.count - 1].endsSentence { break }
            }
            return words.joined(separator: " ")
        }
        return firsts.joined(separator: " ")
    }

    /// The topics that most windows name, in the order in which they come up.
    private func topics(_ findings: [HighlightPrompt.Findings]) -> [String] {
        var counts: [String: Int] = [:]
        var order: [String] = []
        for topic in findings.flatMap(\.keyTopics) {
            if counts[topic.lowercased()] == nil { order.append(topic) }
            counts[topic.lowercased(), default: 0] += 1
        }
        let ranked = order.enumerated().sorted {
            (-(counts[$0.element.lowercased()] ?? 0), $0.offset) < (
                -(counts[$1.element.lowercased()] ?? 0), $1.offset
            )
        }
        return ranked.prefix(6).map(\.element)
    }
}

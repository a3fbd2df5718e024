// What the whole recording is about.

extension Ranking {
    /// How many sentences a summary has at most.
    private static let summarySentences = 3
    /// How many key topics are named at most.
    private static let mostTopics = 6

    /// The most central sentences, each from another part of the recording, in the order they are said; nil
    /// when nothing is said.
    func summary() -> String? {
        guard !sentences.isEmpty else { return nil }
        let order = sentences.indices.sorted { (-worth(of: $0), $0) < (-worth(of: $1), $1) }
        // Parts of equal length keep a summary from dwelling on one place.
        let parts = max(1, min(Self.summarySentences, sentences.count))
        var taken: [Int: Int] = [:]
        for index in order where taken.count < parts {
            let part = index * parts / sentences.count
            if taken[part] == nil { taken[part] = index }
        }
        return taken.values.sorted().map { sentences[$0].text.spacesCollapsed }.map(Self.sentenceCase)
            .joined(separator: " ")
    }

    private func worth(of index: Int) -> Double {
        let count = sentences[index].words.count
        let fits = count >= 6 && count <= 35 ? 1.0 : count >= 4 ? 0.6 : 0.2
        let cues = features[index].cues
        return features[index].centrality * fits * (cues.contains(.dull) ? 0.3 : 1)
            * (cues.contains(.question) ? 0.7 : 1) * (cues.contains(.dependent) ? 0.8 : 1)
    }

    /// The text with a capital at its start and a mark at its end, which some recognisers leave out.
    private static func sentenceCase(_ text: String) -> String {
        guard let first = text.first else { return text }
        let capital = first.uppercased() + text.dropFirst()
        return capital.endsSentence || capital.last.map(\.isUnspaced) == true ? capital : capital + "."
    }

    /// The topics that the recording turns on, most important first.
    func keyTopics() -> [String] {
        telling(in: 0..<transcript.words.count, limit: Self.mostTopics)
    }

    /// The words that tell most about a part of the transcript, most telling first.
    func telling(in range: Range<Int>, limit: Int) -> [String] {
        var counts: [Int: Int] = [:]
        for case .some(let term) in vocabulary.terms[range] { counts[term, default: 0] += 1 }
        let worths = counts.map { term, count in
            // What is said once may be a slip of the recogniser; rare words count less than their frequency says.
            (
                term: term,
                worth: (Double(count) - 0.6) * vocabulary.weights[term]
                    * (vocabulary.forms[term].count >= 4 ? 1 : 0.6)
            )
        }
        let sorted = worths.sorted { ($1.worth, $0.term) < ($0.worth, $1.term) }
        var topics: [String] = []
        for entry in sorted where topics.count < limit {
            let form = vocabulary.forms[entry.term]
            if !form.allSatisfy(\.isNumber) { topics.append(form) }
        }
        return topics
    }
}

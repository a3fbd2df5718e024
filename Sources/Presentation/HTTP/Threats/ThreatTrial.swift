/// What came of holding a corpus of attacks and ordinary requests against a screen.
package struct ThreatTrial: Sendable {
    /// The least share of attacks that is to be found.
    package static let leastDetection = 0.98

    /// How many attacks there were.
    package let attacks: Int
    /// Those that were not found, as they would be sent.
    package let missed: [String]
    /// How many ordinary requests there were.
    package let ordinary: Int
    /// Those that were taken for attacks.
    package let mistaken: [String]

    /// The share of attacks that were found, 0…1.
    package var detectionRate: Double { Double(attacks - missed.count) / Double(max(1, attacks)) }
    /// The share of ordinary requests that were taken for attacks, 0…1.
    package var falsePositiveRate: Double { Double(mistaken.count) / Double(max(1, ordinary)) }
    /// Whether enough attacks were found, and nothing ordinary was taken for one.
    package var isPassed: Bool { detectionRate >= Self.leastDetection && mistaken.isEmpty }

    /// What came of trying.
    ///
    /// - Parameter isAttack: What is said of a request.
    package init(
        attacks: [HTTPRequest] = ThreatCorpus.attacks, ordinary: [HTTPRequest] = ThreatCorpus.ordinary,
        isAttack: (HTTPRequest) -> Bool
    ) {
        self.attacks = attacks.count
        missed = attacks.filter { !isAttack($0) }.map(Self.line)
        self.ordinary = ordinary.count
        mistaken = ordinary.filter(isAttack).map(Self.line)
    }

    /// What this program's own screen makes of the corpus.
    package init() {
        let screen = ThreatScreen(.block) { _, _, _ in }
        self.init { screen?.assess($0).isAttack ?? false }
    }

    private static func line(_ request: HTTPRequest) -> String {
        request.methodToken + " " + request.path + (request.query.map { "?" + $0 } ?? "")
    }
}

/// What a request has against it.
package struct ThreatAssessment: Sendable {
    /// From how many points on a request counts as an attack: one critical rule, or several lesser ones together.
    package static let threshold = 5

    /// The names of the rules that it met, in the order of their list.
    package let rules: [String]
    /// Their families, each once.
    package let families: [ThreatFamily]
    /// Their points together; each rule counts once, however often it was met.
    package let score: Int
    /// How many steps it took: in proportion to the length of what was looked at, whatever stands in it.
    package let steps: Int

    package var isAttack: Bool { score >= Self.threshold }
}

/// A broken promise of a port: which rule, and what was seen instead.
public struct Violation: Error, CustomStringConvertible {
    /// The rule, as a sentence.
    public let rule: String
    /// What the adapter did.
    public let observed: String

    /// A sentence for a person.
    public var description: String { "\(rule): \(observed)" }

    /// A violation of `rule`.
    public init(_ rule: String, observed: String) {
        self.rule = rule
        self.observed = observed
    }
}

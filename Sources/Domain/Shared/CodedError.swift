/// An error with a stable code that programs match and a sentence that people read.
///
/// Each feature declares its rules as the cases of one enum. The code never changes once it is published;
/// the sentence says what was expected and what to do.
public protocol CodedError: Error, Sendable {
    /// A stable, lower-case identifier such as `source_too_short`.
    var code: String { get }
    /// One sentence for a person.
    var explanation: String { get }
}

/// What is done about texts that are found wanting.
public enum ScreeningMode: String, CaseIterable, Sendable {
    /// Nobody looks.
    case off
    /// They are told of, and taken.
    case monitor
    /// They are told of, and refused.
    case block
}

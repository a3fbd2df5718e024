/// A step of a ``VideoTask``, in the order in which they are taken.
public enum Stage: String, CaseIterable, Comparable, Sendable {
    /// The source is being fetched and looked into.
    case acquiring
    /// Its speech is being recognised.
    case transcribing
    /// Its best moments are being sought.
    case analyzing
    /// The clips are being made.
    case rendering

    /// The part of the whole task's progress, in percent, that the stage covers.
    ///
    /// Chosen from the time that the stages take on two cores with local recognition: it only makes the bar
    /// move evenly and promises nothing.
    public var progressRange: ClosedRange<Double> {
        switch self {
        case .acquiring: 0...10
        case .transcribing: 10...45
        case .analyzing: 45...55
        case .rendering: 55...100
        }
    }

    /// The stage after this one, nil after the last.
    public var next: Stage? {
        switch self {
        case .acquiring: .transcribing
        case .transcribing: .analyzing
        case .analyzing: .rendering
        case .rendering: nil
        }
    }

    /// Orders by the sequence in which stages are taken.
    public static func < (first: Stage, second: Stage) -> Bool {
        first.progressRange.lowerBound < second.progressRange.lowerBound
    }
}

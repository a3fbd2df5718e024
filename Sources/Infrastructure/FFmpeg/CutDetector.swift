/// Tells scene cuts from motion: a cut is one frame that differs far more from the one before it than the frames
/// around it do from theirs.
struct CutDetector {
    /// The least mean change of brightness that can be a cut, 0–255.
    private static let least = 10.0
    /// How many frames the usual change is taken from.
    private static let memory = 12

    private var recent: [Double] = []
    /// A frame that may be a cut, until the next one shows whether the change goes on.
    private var candidate: (frame: Int, difference: Double)?

    /// Takes the change from the frame before to frame `number`.
    ///
    /// - Returns: The number of the frame that begins a new scene, one frame late, nil when there is none.
    mutating func take(_ difference: Double, frame number: Int) -> Int? {
        var found: Int?
        if let candidate {
            // A flash or a fast pan goes on changing; a cut is over at once.
            if difference < candidate.difference * 0.6 { found = candidate.frame }
            self.candidate = nil
        }
        let usual = recent.isEmpty ? 0 : recent.sorted()[recent.count / 2]
        if found == nil, !recent.isEmpty, difference > max(Self.least, 4 * usual + 4) {
            candidate = (number, difference)
        }
        recent.append(difference)
        if recent.count > Self.memory { recent.removeFirst() }
        return found
    }
}

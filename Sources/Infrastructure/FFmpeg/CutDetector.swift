/// Tells scene cuts from motion: a cut is one frame that differs far more from the one before it than the frames
/// around it do from theirs.
struct CutDetector {
    /// The least mean change of brightness that can be a cut, 0–255.
    private static let least = 10.0
    /// How many frames the usual change is taken from: about a second.
    private static let memory = 25
    /// The fewest frames of a scene.
    ///
    /// Pictures that are held for some frames, as in animations and slow screen recordings, change as cuts do; by
    /// then two such changes have been seen, and are usual.
    private static let shortestScene = 12

    private var recent: [Double] = []
    private var sceneBegan = 0
    /// A frame that may be a cut, until the next one shows whether the change goes on.
    private var candidate: (frame: Int, difference: Double)?

    /// Takes the change from the frame before to frame `number`.
    ///
    /// - Returns: The number of the frame that begins a new scene, one frame late, nil when there is none.
    mutating func take(_ difference: Double, frame number: Int) -> Int? {
        var found: Int?
        if let candidate {
            // A flash or a fast pan goes on changing; a cut is over at once.
            if difference < candidate.difference * 0.6 {
                found = candidate.frame
                sceneBegan = candidate.frame
            }
            self.candidate = nil
        }
        if found == nil, number - sceneBegan >= Self.shortestScene, difference > threshold {
            candidate = (number, difference)
        }
        recent.append(difference)
        if recent.count > Self.memory { recent.removeFirst() }
        return found
    }

    /// What a change must exceed to stand out from those of the last second, of which one may be a cut.
    private var threshold: Double {
        let sorted = recent.sorted(by: >)
        guard sorted.count > 1 else { return .infinity }
        return max(Self.least, 4 * sorted[sorted.count / 2] + 4, 2 * sorted[1])
    }
}

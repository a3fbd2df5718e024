/// How the pictures of a clip are fitted into its format.
public struct ReframePlan: Hashable, Sendable {
    /// Which way the window moves over the source's picture; the other way it covers all of it.
    public enum Axis: Hashable, Sendable {
        /// The window is narrower than the source and moves sideways.
        case horizontal
        /// The window is lower than the source and moves up and down.
        case vertical
    }

    /// How one stretch of the clip is fitted.
    public enum Framing: Hashable, Sendable {
        /// A window of the format's shape is cut out of the picture.
        case window(WindowPath)
        /// The whole picture is shown over its own blur, because a window would cut off what matters.
        case whole
    }

    /// A stretch of the clip with one framing.
    public struct Shot: Hashable, Sendable {
        /// When, in seconds of the clip.
        public let span: TimeSpan
        /// How.
        public let framing: Framing

        /// A shot.
        public init(span: TimeSpan, framing: Framing) {
            self.span = span
            self.framing = framing
        }
    }

    /// Which way the window moves.
    public let axis: Axis
    /// The window's extent along the axis as a part of the source's, 0–1; 1 when nothing is cut off.
    public let extent: Double
    /// The shots, in order; they cover the clip without gaps.
    public let shots: [Shot]

    /// A plan.
    public init(axis: Axis, extent: Double, shots: [Shot]) {
        self.axis = axis
        self.extent = extent
        self.shots = shots
    }
}

/// Where the window stands over time: at rest, or moving evenly from one place to the next.
public struct WindowPath: Hashable, Sendable {
    /// A place at a moment.
    public struct Point: Hashable, Sendable {
        /// When, in seconds of the clip.
        public let time: Double
        /// Where the window's left or upper edge stands, as a part of the source's extent: 0…(1 − extent).
        public let position: Double

        /// A point of a path.
        public init(time: Double, position: Double) {
            self.time = time
            self.position = position
        }
    }

    /// The points, in order, at least one; before the first and after the last the window rests.
    public let points: [Point]

    /// A path through `points`.
    public init(points: [Point]) {
        self.points = points
    }

    /// Where the window stands at `time`, in between by straight lines.
    public func position(at time: Double) -> Double {
        guard let next = points.firstIndex(where: { $0.time > time }) else {
            return points.last?.position ?? 0
        }
        guard next > 0 else { return points[0].position }
        let (before, after) = (points[next - 1], points[next])
        let part = (time - before.time) / (after.time - before.time)
        return before.position + part * (after.position - before.position)
    }
}

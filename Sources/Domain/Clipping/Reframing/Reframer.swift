/// Plans how the pictures of a source are fitted into another shape: a window that keeps to the subject, or the
/// whole picture where a window would cut off what matters.
public enum Reframer {
    /// A window that shows more than this part of the picture cuts off too little to think about.
    private static let nearlyAll = 0.93
    /// How much better than chance the window must catch what is interesting, 0–1, or else the whole is shown.
    ///
    /// Chance is a picture that is interesting everywhere, such as a page of text: its catch is the window's extent.
    private static let leastGain = 0.3
    /// Shots shorter than this, in seconds, are framed like the one before them if that differs only in layout.
    private static let shortestChange = 1.0

    /// The plan for `span` of a source whose pictures look as `pictures` say.
    ///
    /// - Parameters:
    ///   - source: The size of the source's picture as shown.
    ///   - target: The size of the clip's picture.
    ///   - pictures: How the source looks, in its own times.
    ///   - span: What the clip shows of the source.
    /// - Returns: A plan in times of the clip.
    public static func plan(
        from source: PictureSize, to target: PictureSize, pictures: PictureTrack, span: TimeSpan
    ) -> ReframePlan {
        let whole = TimeSpan(start: 0, end: span.duration)
        guard source.width > 0, source.height > 0, target.width > 0, target.height > 0 else {
            return ReframePlan(axis: .horizontal, extent: 1, shots: [.init(span: whole, framing: .whole)])
        }
        let shape = Double(target.width) / Double(target.height)
        let own = Double(source.width) / Double(source.height)
        let axis: ReframePlan.Axis = shape < own ? .horizontal : .vertical
        let extent = min(1, axis == .horizontal ? shape / own : own / shape)
        let centre = (1 - extent) / 2
        guard extent < nearlyAll else {
            let rest = WindowPath(points: [.init(time: 0, position: centre)])
            return ReframePlan(
                axis: axis, extent: extent, shots: [.init(span: whole, framing: .window(rest))])
        }
        let looks = pictures.samples.map { sample in
            Look(
                time: sample.time - span.start,
                interest: (axis == .horizontal ? sample.columns : sample.rows).map(Double.init))
        }
        let cuts = pictures.cuts.map { $0 - span.start }.filter { $0 > 0.05 && $0 < span.duration - 0.05 }
        var shots: [ReframePlan.Shot] = []
        for (start, end) in zip([0] + cuts, cuts + [span.duration]) {
            let stretch = TimeSpan(start: start, end: end)
            let within = Self.looks(looks, in: stretch)
            let path = WindowPathFinder(extent: extent).path(through: within, in: stretch)
            let keepsAll = gain(of: path, extent: extent, over: within) >= leastGain
            shots.append(.init(span: stretch, framing: keepsAll ? .window(path) : .whole))
        }
        return ReframePlan(axis: axis, extent: extent, shots: settled(shots, centre: centre))
    }

    /// What is seen in a stretch; the nearest look where it is too short to hold one.
    private static func looks(_ looks: [Look], in stretch: TimeSpan) -> [Look] {
        let within = looks.filter { stretch.contains($0.time) }
        if !within.isEmpty { return within }
        let middle = (stretch.start + stretch.end) / 2
        return looks.min { abs($0.time - middle) < abs($1.time - middle) }.map { [$0] } ?? []
    }

    /// How much better than chance a window on `path` catches what is interesting: 1 for all, 0 for chance.
    private static func gain(of path: WindowPath, extent: Double, over looks: [Look]) -> Double {
        let caught = looks.compactMap { $0.share(from: path.position(at: $0.time), extent: extent) }
        // Where nothing is interesting, nothing is lost.
        guard !caught.isEmpty else { return 1 }
        return (caught.reduce(0, +) / Double(caught.count) - extent) / (1 - extent)
    }

    /// The shots without changes of layout that would be over before they are understood.
    private static func settled(_ shots: [ReframePlan.Shot], centre: Double) -> [ReframePlan.Shot] {
        var settled: [ReframePlan.Shot] = []
        for (index, shot) in shots.enumerated() {
            let neighbours = [settled.last, index + 1 < shots.count ? shots[index + 1] : nil].compactMap(
                \.self)
            let alone = !neighbours.isEmpty && neighbours.allSatisfy { $0.isWhole != shot.isWhole }
            guard alone, shot.span.duration < shortestChange else {
                settled.append(shot)
                continue
            }
            let framing: ReframePlan.Framing =
                shot.isWhole
                ? .window(WindowPath(points: [.init(time: shot.span.start, position: centre)])) : .whole
            settled.append(.init(span: shot.span, framing: framing))
        }
        return settled
    }
}

extension ReframePlan.Shot {
    /// Whether the whole picture is shown.
    public var isWhole: Bool { framing == .whole }
}

/// How interesting the picture is along one axis at one moment.
struct Look {
    let time: Double
    let interest: [Double]

    /// The part of all interest that a window catches; nil where nothing is interesting.
    func share(from start: Double, extent: Double) -> Double? {
        let total = interest.reduce(0, +)
        guard total > 0 else { return nil }
        let (from, to) = (start * Double(interest.count), (start + extent) * Double(interest.count))
        var caught = 0.0
        for (index, value) in interest.enumerated() {
            caught += value * max(0, min(to, Double(index + 1)) - max(from, Double(index)))
        }
        return caught / total
    }

    /// Like ``share(from:extent:)``, but what stands in the middle of the window counts full and what stands at
    /// its edge four tenths, so that the best window has its subject in the middle.
    func centredShare(from start: Double, extent: Double) -> Double {
        let total = interest.reduce(0, +)
        guard total > 0 else { return 0 }
        var caught = 0.0
        for (index, value) in interest.enumerated() {
            let place = ((Double(index) + 0.5) / Double(interest.count) - start) / extent
            guard place > 0, place < 1 else { continue }
            let fromMiddle = 2 * place - 1
            caught += value * (1 - 0.6 * fromMiddle * fromMiddle)
        }
        return caught / total
    }
}

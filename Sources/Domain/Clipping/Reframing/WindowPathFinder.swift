/// Finds the path of a window through one shot that keeps to the subject and moves as a calm camera would.
///
/// The best path is found over the whole shot at once (Viterbi's algorithm over a grid of places), with a price on
/// every move: a window that would gain little stays where it is. It is then smoothed, so that moves begin and
/// end softly and before the subject would leave, and reduced to the few points that shape it. The idea, to
/// choose between resting, panning and following by what costs least, is that of AutoFlip (Google, 2020) and of
/// Grundmann, Kwatra and Essa, "Auto-directed video stabilization with robust L1 optimal camera paths" (2011).
struct WindowPathFinder {
    /// Places along the way that are told apart.
    private static let places = 65
    /// What moving by the window's own extent costs: as much as missing everything for so many seconds.
    private static let priceOfMoving = 0.25
    /// A window rests when by that it misses no more than this part of what one that moves would catch: on the
    /// whole, and at any one look.
    private static let restingLoss = (onTheWhole: 0.05, atOnce: 0.35)
    /// How long the first and the last look count, in seconds: where a shot opens and ends, the subject has to be
    /// in the window, however soon it moves on.
    private static let weightOfEnds = 0.6
    /// Half the time over which the path is smoothed, in seconds.
    private static let smoothing = 0.4
    /// How far the reduced path may be from the smooth one, as a part of the source's extent.
    private static let tolerance = 0.004

    let extent: Double

    private func position(_ place: Int) -> Double {
        Double(place) / Double(Self.places - 1) * (1 - extent)
    }

    /// The path through what is seen in `stretch`; at rest in the middle when nothing is.
    func path(through looks: [Look], in stretch: TimeSpan) -> WindowPath {
        let telling = looks.filter { look in look.interest.contains { $0 > 0 } }
        guard !telling.isEmpty else {
            return WindowPath(points: [.init(time: stretch.start, position: (1 - extent) / 2)])
        }
        let raw = bestPlaces(telling).map(position)
        let rest = bestRest(telling)
        let losses = zip(telling, raw).map { look, place in
            look.centredShare(from: place, extent: extent) - look.centredShare(from: rest, extent: extent)
        }
        if losses.reduce(0, +) <= Self.restingLoss.onTheWhole * Double(losses.count),
            losses.allSatisfy({ $0 <= Self.restingLoss.atOnce })
        {
            return WindowPath(points: [.init(time: stretch.start, position: rest)])
        }
        let smooth = smoothed(zip(telling, raw).map { .init(time: $0.time, position: $1) }, in: stretch)
        return WindowPath(points: reduced(smooth[...]))
    }

    /// The one position that catches most over all looks.
    private func bestRest(_ looks: [Look]) -> Double {
        let candidates = (0..<Self.places).map { place in
            let start = position(place)
            return (start, looks.reduce(0) { $0 + $1.centredShare(from: start, extent: extent) })
        }
        return candidates.max { $0.1 < $1.1 }?.0 ?? (1 - extent) / 2
    }

    /// The cheapest sequence of places: what the window misses at each look, plus the price of every move.
    private func bestPlaces(_ looks: [Look]) -> [Int] {
        let step = Self.priceOfMoving * (1 - extent) / extent / Double(Self.places - 1)
        var costs = [Double](repeating: 0, count: Self.places)
        var origins: [[Int]] = []
        for (number, look) in looks.enumerated() {
            let isEnd = number == 0 || number == looks.count - 1
            let seconds = isEnd ? Self.weightOfEnds : min(1, look.time - looks[number - 1].time)
            // The cheapest way to each place: sweeping to and fro carries every cost on by the price of a step.
            var origin = Array(0..<Self.places)
            for place in 1..<Self.places where costs[place - 1] + step < costs[place] {
                costs[place] = costs[place - 1] + step
                origin[place] = origin[place - 1]
            }
            for place in (0..<(Self.places - 1)).reversed() where costs[place + 1] + step < costs[place] {
                costs[place] = costs[place + 1] + step
                origin[place] = origin[place + 1]
            }
            origins.append(origin)
            for place in 0..<Self.places {
                costs[place] += seconds * (1 - look.centredShare(from: position(place), extent: extent))
            }
        }
        var place = costs.indices.min { costs[$0] < costs[$1] } ?? 0
        var path: [Int] = []
        for origin in origins.reversed() {
            path.append(place)
            place = origin[place]
        }
        return path.reversed()
    }

    /// The path on an even grid of a tenth of a second, each point the weighted mean of those around it.
    private func smoothed(_ points: [WindowPath.Point], in stretch: TimeSpan) -> [WindowPath.Point] {
        let raw = WindowPath(points: points)
        let (first, last) = (points[0].time, points[points.count - 1].time)
        // Beyond its ends the path goes on as it came, or else the mean would lag behind a subject on the move.
        func place(_ time: Double) -> Double {
            if time < first { return 2 * raw.position(at: first) - raw.position(at: 2 * first - time) }
            if time > last { return 2 * raw.position(at: last) - raw.position(at: 2 * last - time) }
            return raw.position(at: time)
        }
        let interval = 0.1
        let reach = Int((Self.smoothing / interval).rounded())
        let count = max(1, Int((stretch.duration / interval).rounded(.up)))
        return (0...count).map { index in
            let time = min(stretch.end, stretch.start + Double(index) * interval)
            var sum = 0.0
            var weights = 0.0
            for offset in -reach...reach {
                let weight = Double(reach + 1 - abs(offset))
                sum += weight * place(time + Double(offset) * interval)
                weights += weight
            }
            return .init(time: time, position: min(1 - extent, max(0, sum / weights)))
        }
    }

    /// As few of the points as keep the path within the tolerance (Douglas and Peucker's algorithm).
    private func reduced(_ points: ArraySlice<WindowPath.Point>) -> [WindowPath.Point] {
        guard let first = points.first, let last = points.last, points.count > 2 else { return Array(points) }
        let chord = WindowPath(points: [first, last])
        let farthest = points.indices.max {
            abs(points[$0].position - chord.position(at: points[$0].time))
                < abs(points[$1].position - chord.position(at: points[$1].time))
        }
        guard let farthest, farthest != points.startIndex, farthest != points.endIndex - 1,
            abs(points[farthest].position - chord.position(at: points[farthest].time)) > Self.tolerance
        else { return [first, last] }
        return reduced(points[...farthest]) + reduced(points[farthest...]).dropFirst()
    }
}

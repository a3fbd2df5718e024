/// Where values are going by their level and its trend, of which the older count less and less.
///
/// Double exponential smoothing (Holt 1957), with the interval of its linear state space model (Hyndman, Koehler, Ord
/// and Snyder 2008, section 6.2).
public struct HoltForecast: Hashable, Sendable {
    /// The last level.
    public let level: Double
    /// The last change from one value to the next.
    public let trend: Double
    /// The standard deviation of what was foretold a step ahead.
    public let error: Double

    /// How far the level goes towards each new value, and the trend towards each new change.
    private let weights: Weights

    private struct Weights: Hashable, Sendable {
        let level: Double
        let trend: Double
    }

    /// From steady ones to nervous ones; the one that would have foretold the past best is taken.
    private static let candidates = [0.05, 0.1, 0.2, 0.4].flatMap { level in
        [0.01, 0.05, 0.15].map { Weights(level: level, trend: $0) }
    }

    /// Learns from some values, one a step.
    ///
    /// - Returns: Nil for fewer than ten.
    public init?(_ values: [Double]) {
        guard values.count >= 10 else { return nil }
        var best: HoltForecast?
        for weights in Self.candidates {
            let learned = HoltForecast(values, weights)
            if best.map({ learned.error < $0.error }) ?? true { best = learned }
        }
        guard let best else { return nil }
        self = best
    }

    private init(_ values: [Double], _ weights: Weights) {
        // The first few only find the beginning.
        let warmUp = 5
        var level = values[0]
        var trend = (values[warmUp - 1] - values[0]) / Double(warmUp - 1)
        var squares = 0.0
        for (index, value) in values.enumerated().dropFirst() {
            let foretold = level + trend
            if index >= warmUp { squares += (value - foretold) * (value - foretold) }
            let next = weights.level * value + (1 - weights.level) * foretold
            trend = weights.trend * (next - level) + (1 - weights.trend) * trend
            level = next
        }
        self.level = level
        self.trend = trend
        self.weights = weights
        error = (squares / Double(values.count - warmUp)).squareRoot()
    }

    /// What the value will be after so many steps.
    public func value(after steps: Double) -> Double { level + trend * steps }

    /// The standard deviation of that.
    public func deviation(after steps: Double) -> Double {
        let past = max(0, steps - 1)
        let (level, trend) = (weights.level, weights.trend)
        let growth = past + trend * past * steps + trend * trend * past * steps * (2 * steps - 1) / 6
        return error * (1 + level * level * growth).squareRoot()
    }
}

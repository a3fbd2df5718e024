internal import Synchronization

/// What counts or measures for one set of label values, without a lock.
package protocol MetricInstrument: AnyObject, Sendable {
    /// An instrument that has seen nothing.
    init(_ definition: MetricDefinition)
    /// What it shows; nil for nothing worth a sample.
    var reading: MetricValue? { get }
}

/// Counts things, from any thread.
package final class Counter: MetricInstrument {
    private let count = Atomic<Int>(0)

    /// One that has seen nothing.
    package init(_ definition: MetricDefinition) {}

    /// Counts one thing, or several.
    package func increment(by count: Int = 1) {
        self.count.wrappingAdd(count, ordering: .relaxed)
    }

    /// How many there were.
    package var value: Int { count.load(ordering: .relaxed) }

    /// What it shows.
    package var reading: MetricValue? { .number(Double(value)) }
}

/// Shows a number that goes up and down.
package final class Gauge: MetricInstrument {
    private let bits = Atomic<UInt64>(0)

    /// One that has seen nothing.
    package init(_ definition: MetricDefinition) {}

    /// Shows this number from now on.
    package func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    /// Shows more, or less.
    package func add(_ change: Double) {
        var current = bits.load(ordering: .relaxed)
        while true {
            let next = (Double(bitPattern: current) + change).bitPattern
            let (isExchanged, original) = bits.compareExchange(
                expected: current, desired: next, ordering: .relaxed)
            if isExchanged { return }
            current = original
        }
    }

    /// What it shows.
    package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    /// What it shows.
    package var reading: MetricValue? { .number(value) }
}

/// Counts how large observations are.
package final class Histogram: MetricInstrument {
    /// An atomic number with a place of its own, since those cannot stand in an array.
    private final class Cell: Sendable {
        let count = Atomic<Int>(0)
    }

    private let bounds: [Double]
    private let cells: [Cell]
    /// The sum in billionths, which lasts for three hundred years of seconds.
    private let billionths = Atomic<Int>(0)

    /// One that has seen nothing.
    package init(_ definition: MetricDefinition) {
        if case .histogram(let bounds) = definition.kind { self.bounds = bounds } else { bounds = [] }
        cells = (0...bounds.count).map { _ in Cell() }
    }

    /// Counts one observation.
    package func observe(_ value: Double) {
        let place = bounds.firstIndex { value <= $0 } ?? bounds.count
        cells[place].count.wrappingAdd(1, ordering: .relaxed)
        billionths.wrappingAdd(Int(billionthsOf: value), ordering: .relaxed)
    }

    /// Counts a length of time, in seconds.
    package func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) / 1e18)
    }

    /// What it shows.
    package var reading: MetricValue? {
        let counts = cells.map { $0.count.load(ordering: .relaxed) }
        guard counts.contains(where: { $0 > 0 }) else { return nil }
        return .histogram(
            HistogramReading(
                bounds: bounds, counts: counts, sum: Double(billionths.load(ordering: .relaxed)) / 1e9))
    }
}

extension Int {
    /// A number in billionths, as far as it can be told.
    fileprivate init(billionthsOf number: Double) {
        let scaled = (number * 1e9).rounded()
        self = scaled.isFinite ? (scaled > 9e18 ? 9_000_000_000_000_000_000 : Swift.max(0, Int(scaled))) : 0
    }
}

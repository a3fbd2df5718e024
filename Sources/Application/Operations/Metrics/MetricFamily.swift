internal import Synchronization

/// The instruments of one metric, one for each set of label values.
///
/// Who counts often asks for its instrument once and keeps it: that is then a matter of an atomic addition.
package final class MetricFamily<Instrument: MetricInstrument>: Sendable {
    private struct State {
        var known: [[String]: Instrument] = [:]
        /// What counts for all sets of values beyond the bound.
        var other: Instrument?
    }

    /// What the metric is.
    package let definition: MetricDefinition
    private let state = Mutex(State())
    private let overflow: MetricFamily<Counter>?

    /// - Parameter overflow: Counts what counts as other, by metric.
    init(_ definition: MetricDefinition, overflow: MetricFamily<Counter>?) {
        self.definition = definition
        self.overflow = overflow
    }

    /// The instrument of a set of label values, given in the order of the labels.
    package func with(_ values: String...) -> Instrument {
        precondition(values.count == definition.labels.count, "\(definition.name) has other labels")
        return state.withLock { state in
            if let known = state.known[values] { return known }
            guard state.known.count < definition.bound else {
                overflow?.with(definition.name).increment()
                let other = state.other ?? Instrument(definition)
                state.other = other
                return other
            }
            let new = Instrument(definition)
            state.known[values] = new
            return new
        }
    }

    /// What all of them show, ordered by their labels.
    var samples: [MetricSample] {
        let (known, other) = state.withLock { ($0.known, $0.other) }
        let told = known.sorted { $0.key.lexicographicallyPrecedes($1.key) }.compactMap {
            labels, instrument in
            instrument.reading.map { MetricSample(labels, $0) }
        }
        let rest = other?.reading.map {
            MetricSample(definition.labels.map { _ in MetricDefinition.other }, $0)
        }
        return told + (rest.map { [$0] } ?? [])
    }
}

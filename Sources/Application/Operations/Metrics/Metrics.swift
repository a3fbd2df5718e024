internal import Synchronization

/// The metrics of this process: what counts, and what is asked when somebody looks.
package final class Metrics: Sendable {
    private struct Entry {
        let definition: MetricDefinition
        /// The family; nil for what is asked.
        let family: (any AnyObject & Sendable)?
        let read: @Sendable () -> [MetricSample]
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let overflow: MetricFamily<Counter>

    /// No metrics yet.
    package init() {
        overflow = MetricFamily(.labelOverflow, overflow: nil)
        let overflow = overflow
        entries.withLock {
            $0[MetricDefinition.labelOverflow.name] = Entry(
                definition: .labelOverflow, family: overflow, read: { overflow.samples })
        }
    }

    /// The counters of a metric, always the same ones.
    package func counter(_ definition: MetricDefinition) -> MetricFamily<Counter> {
        family(definition)
    }

    /// The gauges of a metric, always the same ones.
    package func gauge(_ definition: MetricDefinition) -> MetricFamily<Gauge> {
        family(definition)
    }

    /// The histograms of a metric, always the same ones.
    package func histogram(_ definition: MetricDefinition) -> MetricFamily<Histogram> {
        family(definition)
    }

    /// Has `read` asked for the samples of a metric whenever somebody looks; it counts from now on, not who was asked
    /// before.
    package func collect(_ definition: MetricDefinition, _ read: @escaping @Sendable () -> [MetricSample]) {
        entries.withLock {
            $0[definition.name] = Entry(definition: definition, family: nil, read: read)
        }
    }

    /// What all metrics show now.
    package func snapshot() -> MetricsSnapshot {
        // Outside the lock, since what is asked may take its time, or count something itself.
        let known = entries.withLock { $0 }
        let order = Dictionary(
            MetricDefinition.all.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let families = known.values.map { entry in
            MetricsSnapshot.Family(definition: entry.definition, samples: entry.read())
        }
        return MetricsSnapshot(
            families: families.filter { !$0.samples.isEmpty }.sorted { one, other in
                let places = (order[one.definition.name] ?? .max, order[other.definition.name] ?? .max)
                return places.0 == places.1
                    ? one.definition.name < other.definition.name : places.0 < places.1
            })
    }

    private func family<Instrument>(_ definition: MetricDefinition) -> MetricFamily<Instrument> {
        entries.withLock { entries in
            if let known = entries[definition.name]?.family as? MetricFamily<Instrument> { return known }
            let family = MetricFamily<Instrument>(definition, overflow: overflow)
            entries[definition.name] = Entry(
                definition: definition, family: family, read: { family.samples })
            return family
        }
    }
}

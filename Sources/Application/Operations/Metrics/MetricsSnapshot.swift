/// All metrics as they stood at one moment.
package struct MetricsSnapshot: Sendable {
    /// The samples of one metric.
    package struct Family: Sendable {
        /// What the metric is.
        package let definition: MetricDefinition
        /// What it showed, one for each set of label values.
        package let samples: [MetricSample]
    }

    /// One number under Prometheus' name for it: what expressions about metrics are made of.
    package struct Point: Hashable, Sendable {
        /// The name of the series: that of the metric, or with `_bucket`, `_sum` or `_count` behind it.
        package let name: String
        /// The label values by name, `le` of buckets among them.
        package let labels: [String: String]
        /// The number.
        package let value: Double
    }

    /// The metrics that have samples, in the order of their declaration.
    package let families: [Family]

    /// The metric of that name; nil while it shows nothing, which is not the same as zero.
    package subscript(name: String) -> Family? {
        families.first { $0.definition.name == name }
    }

    /// The numbers under a name; of a histogram those of its buckets, its sum or its count.
    package func points(named name: String) -> [Point] {
        if let family = self[name] {
            return family.samples.compactMap { sample in
                guard case .number(let value) = sample.value else { return nil }
                return Point(name: name, labels: family.labels(of: sample), value: value)
            }
        }
        for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
            guard let family = self[String(name.dropLast(suffix.count))] else { continue }
            return family.samples.flatMap { sample -> [Point] in
                guard case .histogram(let reading) = sample.value else { return [] }
                let labels = family.labels(of: sample)
                switch suffix {
                case "_sum": return [Point(name: name, labels: labels, value: reading.sum)]
                case "_count": return [Point(name: name, labels: labels, value: Double(reading.count))]
                default:
                    return reading.cumulative.map { bound, count in
                        let labels = labels.merging(["le": bound.map { "\($0)" } ?? "+Inf"]) { $1 }
                        return Point(name: name, labels: labels, value: Double(count))
                    }
                }
            }
        }
        return []
    }
}

extension MetricsSnapshot.Family {
    /// A sample's label values by name.
    package func labels(of sample: MetricSample) -> [String: String] {
        Dictionary(zip(definition.labels, sample.labels)) { first, _ in first }
    }
}

/// What a metric showed for one set of label values.
package struct MetricSample: Hashable, Sendable {
    /// The values, in the order of the labels.
    package let labels: [String]
    /// What was shown.
    package let value: MetricValue

    /// A sample.
    package init(_ labels: [String], _ value: MetricValue) {
        self.labels = labels
        self.value = value
    }

    /// A sample of a metric without labels.
    package init(_ value: MetricValue) {
        self.init([], value)
    }
}

/// What an instrument shows.
package enum MetricValue: Hashable, Sendable {
    /// A number.
    case number(Double)
    /// How large observations were.
    case histogram(HistogramReading)
}

/// How large observations were.
package struct HistogramReading: Hashable, Sendable {
    /// The upper bounds of the buckets but the last, which has none.
    package let bounds: [Double]
    /// How many observations fell into each bucket, the last included.
    package let counts: [Int]
    /// The sum of all observations.
    package let sum: Double

    /// What was observed.
    package init(bounds: [Double], counts: [Int], sum: Double) {
        self.bounds = bounds
        self.counts = counts
        self.sum = sum
    }

    /// How many observations there were.
    package var count: Int { counts.reduce(0, +) }

    /// How many were at most as large as each bound; nil stands for any.
    package var cumulative: [(bound: Double?, count: Int)] {
        var total = 0
        return counts.enumerated().map { place, count in
            total += count
            return (place < bounds.count ? bounds[place] : nil, total)
        }
    }

    /// Below which value that share of the observations is, as Prometheus' `histogram_quantile` has it: spread evenly
    /// within a bucket, and the last bound for what lies beyond it; nil without observations.
    package func quantile(_ share: Double) -> Double? {
        let wanted = Double(count) * share
        guard count > 0, let last = bounds.last else { return nil }
        var (below, floor) = (0.0, 0.0)
        for (bound, count) in zip(bounds, counts) {
            if below + Double(count) >= wanted, count > 0 {
                return floor + (bound - floor) * max(0, wanted - below) / Double(count)
            }
            below += Double(count)
            floor = bound
        }
        return last
    }
}

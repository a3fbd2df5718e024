/// What a metric is: declared once, before anything is counted.
package struct MetricDefinition: Hashable, Sendable {
    /// How its samples are to be read.
    package enum Kind: Hashable, Sendable {
        /// A number that only grows while the process lives.
        case counter
        /// A number that goes up and down.
        case gauge
        /// How many observations were at most as large as each of these bounds, in ascending order.
        case histogram([Double])

        /// Its name in Prometheus' text format.
        package var name: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    /// What its samples are counted in; the name of the metric ends with it.
    package enum Unit: String, CaseIterable, Sendable {
        /// Things.
        case none = ""
        /// Seconds.
        case seconds
        /// Bytes.
        case bytes
        /// A share or a multiple.
        case ratio
    }

    /// The label value that stands for all sets of values beyond the bound.
    package static let other = "other"

    /// Its name, with the unit in it.
    package let name: String
    /// How its samples are to be read.
    package let kind: Kind
    /// What its samples are counted in.
    package let unit: Unit
    /// What it tells, in a sentence.
    package let help: String
    /// The names of its labels, in the order in which values are given.
    package let labels: [String]
    /// How many sets of label values are told apart; all others count as ``other``.
    package let bound: Int

    /// Declares a metric.
    package init(
        _ name: String, _ kind: Kind, in unit: Unit = .none, by labels: [String] = [], bound: Int = 100,
        _ help: String
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
        self.labels = labels
        self.bound = bound
    }
}

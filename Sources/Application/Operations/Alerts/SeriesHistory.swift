internal import Domain

/// What numbers were, as far back as somebody asks, in memory that is bounded.
struct SeriesHistory: SeriesSource {
    /// How many values of a series are kept at most, whatever the window.
    static let capacity = Outlook.usefulCount
    /// How many targets of a series are told apart.
    static let mostTargets = 1000

    /// How far back each series is kept.
    private let windows: [String: Duration]
    private var now = Timestamp(milliseconds: 0)
    private var present: [String: [AlertTarget: Double]] = [:]
    private var values: [String: [AlertTarget: [TimedValue]]] = [:]

    /// Nothing so far.
    ///
    /// - Parameter windows: The series that are kept, each for how long.
    init(_ windows: [String: Duration]) {
        self.windows = windows
    }

    /// The series that are asked for.
    var names: [String] { Array(windows.keys) }

    /// Takes what the series are now; what is missing is missing from now on.
    mutating func take(_ numbers: [String: [AlertTarget: Double]], at now: Timestamp) {
        self.now = now
        present = numbers
        for (name, window) in windows where window > .zero {
            var series = values[name] ?? [:]
            for (target, number) in numbers[name] ?? [:]
            where series[target] != nil || series.count < Self.mostTargets {
                series[target, default: []].append(TimedValue(at: now, value: number))
            }
            values[name] = series.compactMapValues { old in
                let kept = old.drop { now - $0.at > window }.suffix(Self.capacity)
                return kept.isEmpty ? nil : Array(kept)
            }
        }
    }

    /// Shows these numbers as present, without keeping them.
    mutating func show(_ numbers: [String: [AlertTarget: Double]]) {
        present.merge(numbers) { $1 }
    }

    func current(_ name: String) -> [AlertTarget: Double] { present[name] ?? [:] }

    func past(_ name: String, within window: Duration) -> [AlertTarget: [TimedValue]] {
        (values[name] ?? [:]).compactMapValues { values in
            let within = values.drop { now - $0.at > window }
            return within.isEmpty ? nil : Array(within)
        }
    }
}

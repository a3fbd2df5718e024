package import Domain
internal import Synchronization

/// Looks where the numbers of the parts are going, and foretells what will run out.
package final class TrendWatch: Forecasts {
    /// How often the numbers are looked at.
    package static let period = Duration.seconds(60)
    /// How far ahead.
    package static let horizon = Duration.seconds(3600)
    /// How long what is over is still told of.
    package static let memory = Duration.seconds(3600)

    /// A number of a part that should not come to a value.
    package struct Subject: Sendable {
        let service: ComponentName
        let metric: String
        /// The threshold, from the part's own measurements; nil while it is not known.
        let threshold: @Sendable ([String: Double]) -> Threshold?

        /// A number of a part.
        package init(
            _ service: ComponentName, _ metric: String,
            threshold: @escaping @Sendable ([String: Double]) -> Threshold?
        ) {
            self.service = service
            self.metric = metric
            self.threshold = threshold
        }
    }

    private struct Series {
        var values = RecentValues<TimedValue>(capacity: Outlook.usefulCount)
        var state = ForecastState()
        var outlook: Outlook?
    }

    private let subjects: [Subject]
    private let monitor: HealthMonitor
    private let clock: any WallClock
    private let series: Mutex<[Series]>

    /// A watch over the parts of a monitor.
    package init(_ subjects: [Subject], of monitor: HealthMonitor, clock: any WallClock) {
        self.subjects = subjects
        self.monitor = monitor
        self.clock = clock
        series = Mutex(subjects.map { _ in Series() })
    }

    /// Looks again and again until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            look()
            try? await clock.sleep(until: clock.now() + Self.period)
        }
    }

    /// Looks once.
    package func look() {
        let report = monitor.report()
        let now = clock.now()
        for (index, subject) in subjects.enumerated() {
            guard let part = report[subject.service.text], !part.isStale,
                let measurements = part.latest?.health.measurements
            else { continue }
            let numbers = Dictionary(measurements.map { ($0.name, $0.value) }) { first, _ in first }
            guard let value = numbers[subject.metric], let threshold = subject.threshold(numbers) else {
                continue
            }
            let values = series.withLock { series in
                series[index].values.append(TimedValue(at: now, value: value))
                return series[index].values.all
            }
            // Outside the lock: it takes most of a millisecond.
            let outlook = Outlook(values, threshold: threshold, policy: Outlook.Policy(horizon: Self.horizon))
            series.withLock { series in
                series[index].outlook = outlook ?? series[index].outlook
                // What was foretold and has come is no reason to take it back.
                let hasCome = series[index].state.isRaised && threshold.isCrossed(by: value)
                series[index].state.note(outlook?.isWarning == true || hasCome, at: now)
            }
        }
    }

    /// What is foretold now, and what was over within the last hour.
    package func current() -> [Forecast] {
        let now = clock.now()
        return series.withLock { series in
            zip(subjects, series).compactMap { subject, series in
                guard let outlook = series.outlook, let raisedAt = series.state.raisedAt,
                    series.state.clearedAt.map({ now - $0 < Self.memory }) ?? true
                else { return nil }
                let left =
                    outlook.timeLeft.map { "in \(Int($0.inSeconds / 60)) minutes" } ?? "within the hour"
                return Forecast(
                    service: subject.service, metric: subject.metric, current: outlook.current,
                    forecast: outlook.forecast, timeLeft: outlook.timeLeft, confidence: outlook.confidence,
                    method: Outlook.method, samples: outlook.count, raisedAt: raisedAt,
                    clearedAt: series.state.clearedAt,
                    summary:
                        "\(subject.metric) of \(subject.service) crosses its threshold \(left), as it goes",
                    isAboutPerformance: false)
            }
        }
    }
}

extension TrendWatch.Subject {
    /// What can run out on every machine: memory, descriptors, the disk.
    package static let ordinary: [Self] = [
        Self(ComponentName(known: "memory"), "used_ratio") { _ in Threshold(0.95, isCeiling: true) },
        Self(ComponentName(known: "descriptors"), "used_ratio") { _ in Threshold(0.95, isCeiling: true) },
        Self(ComponentName(known: "disk"), "free_bytes") { numbers in
            numbers["reserve_bytes"].map { Threshold($0, isCeiling: false) }
        },
    ]
}

internal import Domain

/// How forecasts stand on the wire.
enum ForecastWire {
    static let output = JSONOutput<[Forecast]>.object(
        "HealthForecasts", "Where the numbers of the parts are going.",
        [
            JSONField(
                "predictive_alerts", .map(of: .list(of: .text)), "What is foretold, by part, in sentences."
            ) { byPart($0) },
            JSONField("total_alerts", .count, "How many are told.", example: 0) { $0.open.count },
            JSONField("services_with_alerts", .count, "About how many parts.", example: 0) {
                Set($0.open.map(\.service)).count
            },
            JSONField("alert_summary", summary, "Of what kind they are.") { $0.open },
            JSONField("forecasts", .list(of: forecast), "The same in numbers, with those that are over.") {
                $0
            },
        ])

    private static let summary = JSONOutput<[Forecast]>.object(
        "ForecastSummary", "Of what kind the forecasts are.",
        [
            JSONField("degrading_trends", .count, "How many tell of something that runs out.") { forecasts in
                forecasts.count { !$0.isAboutPerformance }
            },
            JSONField("performance_issues", .count, "How many tell of something that slows down.") {
                forecasts in forecasts.count { $0.isAboutPerformance }
            },
        ])

    private static let number = JSONOutput<Double>(.number(nil, nil)) { $1.number($0) }

    private static let forecast = JSONOutput<Forecast>.object(
        "Forecast", "Where a number is going.",
        [
            JSONField("service", .text, "The part.", example: "disk") { $0.service.text },
            JSONField("metric", .text, "Which of its numbers.", example: "free_bytes") { $0.metric },
            JSONField("current", number, "What it is.") { $0.current },
            JSONField("forecast", number, "What it will be.") { $0.forecast },
            JSONField("eta_seconds", .nullable(.amount), "Seconds until it is too much or too little.") {
                $0.timeLeft.map { max(0, $0.inSeconds) }
            },
            JSONField("confidence", .number(0...1), "How sure that is.") { $0.confidence },
            JSONField("method", .text, "How it was found.", example: "holt") { $0.method },
            JSONField("samples", .count, "From how many values.", example: 60) { $0.samples },
            JSONField("raised_at", .moment, "When it was first told.") { $0.raisedAt },
            JSONField("cleared_at", .nullable(.moment), "When it was over; null while it holds.") {
                $0.clearedAt
            },
        ])

    private static func byPart(_ forecasts: [Forecast]) -> [(name: String, value: [String])] {
        Dictionary(grouping: forecasts.open, by: \.service).sorted { $0.key < $1.key }.map {
            ($0.key.text, $0.value.map(\.summary))
        }
    }
}

extension [Forecast] {
    /// Those that hold.
    fileprivate var open: [Forecast] { filter { $0.clearedAt == nil } }
}

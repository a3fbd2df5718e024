import Domain
import Glibc

/// The back-test of forecasts: series of four kinds, made by seeds, a value a minute for ten hours, looked at every
/// five minutes as the program does.
///
/// Of each kind it prints how many series came to the threshold, how many of those had been foretold (recall), how many
/// warnings there were and how many of them came true within an hour and a half (precision), and the median of the
/// minutes between a warning and what it warned of (lead).
///
/// - Parameter options: `series`, how many of each kind (200); `seed`, where chance begins (1).
func evaluateForecasts(_ options: Options) throws {
    var all = ForecastScore()
    print("kind    series  crossing  foretold  recall  warnings  true  precision  lead min")
    for kind in SeriesKind.allCases {
        var score = ForecastScore()
        for index in 0..<options.number("series", else: 200) {
            var chance = SeededChance(state: UInt64(options.number("seed", else: 1)) << 32 + UInt64(index))
            score.play(kind.series(minutes: 600, &chance))
        }
        score.printLine(kind.rawValue)
        all.add(score)
    }
    all.printLine("all")
    try answer([
        "precision": all.precision, "recall": all.recall, "lead_minutes": all.lead,
        "warnings": Double(all.warnings),
    ])
}

private enum SeriesKind: String, CaseIterable {
    /// Nothing, and then steadily more.
    case leak
    /// More all at once.
    case step
    /// Up and down, in one to five hours.
    case season
    case noise

    static let threshold = Threshold(90, isCeiling: true)

    func series(minutes: Int, _ chance: inout SeededChance) -> [Double] {
        let noise = 0.5 + 2.5 * chance.next()
        let (start, slope) = (100 * chance.next(), 0.03 + 0.17 * chance.next())
        let (moment, height) = (60 + 480 * chance.next(), 10 + 30 * chance.next())
        let (period, width, phase) = (
            60 + 240 * chance.next(), 5 + 30 * chance.next(), 2 * .pi * chance.next()
        )
        return (0..<minutes).map { minute in
            let time = Double(minute)
            let value =
                switch self {
                case .leak: 40 + slope * max(0, time - start)
                case .step: time < moment ? 52 : 52 + height
                case .season: 52 + width * sin(2 * .pi * time / period + phase)
                case .noise: 40.0
                }
            return value + noise * chance.nextNormal()
        }
    }
}

private struct ForecastScore {
    private static let policy = Outlook.Policy(horizon: .seconds(3600))
    private static let period = 5
    /// How long after a warning it may still come true, in minutes.
    private static let patience = 90

    private var series = 0
    private var crossing = 0
    private var foretold = 0
    private(set) var warnings = 0
    private var rightWarnings = 0
    private var leads: [Int] = []

    var precision: Double { warnings == 0 ? 1 : Double(rightWarnings) / Double(warnings) }
    var recall: Double { crossing == 0 ? 1 : Double(foretold) / Double(crossing) }
    var lead: Double { leads.isEmpty ? 0 : Double(leads.sorted()[leads.count / 2]) }

    mutating func play(_ values: [Double]) {
        series += 1
        let end = values.firstIndex(where: SeriesKind.threshold.isCrossed) ?? values.count
        let isCrossing = end < values.count
        if isCrossing { crossing += 1 }
        let points = values.enumerated().map { minute, value in
            TimedValue(at: Timestamp(milliseconds: Int64(minute) * 60_000), value: value)
        }
        var state = ForecastState()
        var first: Int?
        for minute in stride(from: 0, to: end, by: Self.period) {
            let past = Array(points[max(0, minute + 1 - Outlook.usefulCount)...minute])
            guard let outlook = Outlook(past, threshold: SeriesKind.threshold, policy: Self.policy) else {
                continue
            }
            let wasRaised = state.isRaised
            state.note(outlook.isWarning, at: points[minute].at)
            guard state.isRaised, !wasRaised else { continue }
            warnings += 1
            if isCrossing, end - minute <= Self.patience { rightWarnings += 1 }
            first = first ?? minute
        }
        if isCrossing, let first {
            foretold += 1
            leads.append(end - first)
        }
    }

    mutating func add(_ other: ForecastScore) {
        series += other.series
        crossing += other.crossing
        foretold += other.foretold
        warnings += other.warnings
        rightWarnings += other.rightWarnings
        leads += other.leads
    }

    func printLine(_ name: String) {
        let cells = [
            pad("\(series)", 6), pad("\(crossing)", 9), pad("\(foretold)", 9),
            pad(crossing == 0 ? "-" : percent(recall), 7), pad("\(warnings)", 9), pad("\(rightWarnings)", 5),
            pad(warnings == 0 ? "-" : percent(precision), 10), pad("\(Int(lead))", 9),
        ]
        print(name + String(repeating: " ", count: 7 - name.count) + cells.joined(separator: " "))
    }

    private func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}

/// Chance that is the same for the same seed: SplitMix64 (Steele, Lea and Flood 2014).
private struct SeededChance {
    var state: UInt64

    /// From 0 to 1.
    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
    }

    /// Nearly of the standard normal distribution: twelve throws, less their mean.
    mutating func nextNormal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + next() } }
}

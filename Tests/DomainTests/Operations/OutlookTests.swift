import Domain
import Testing

@Suite("Looking ahead") struct OutlookTests {
    private static let policy = Outlook.Policy(horizon: .seconds(3600))
    private static let ceiling = Threshold(100, isCeiling: true)

    /// A value a minute.
    private static func values(_ count: Int, _ value: (Double) -> Double) -> [TimedValue] {
        (0..<count).map {
            TimedValue(at: Timestamp(milliseconds: Int64($0) * 60_000), value: value(Double($0)))
        }
    }

    /// What looks like chance, and is the same each time: −1…1.
    private static func jitter(_ index: Double) -> Double {
        let mixed = (UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
        return Double(((mixed ^ (mixed >> 29)) &* 0xBF58_476D_1CE4_E5B9) >> 11) / Double(1 << 52) - 1
    }

    @Test("O43: a leak is foretold before it fills what there is, with the time that is left")
    func leak() throws {
        let outlook = try #require(
            Outlook(
                Self.values(120) { 40 + 0.4 * $0 + Self.jitter($0) }, threshold: Self.ceiling,
                policy: Self.policy))
        #expect(outlook.isWarning)
        // 40 + 0.4 t comes to 100 after 150 minutes, of which 119 are over.
        let left = try #require(outlook.timeLeft)
        #expect(abs(left.inSeconds / 60 - 31) < 4)
        #expect(outlook.confidence > 0.9)
        #expect(abs(outlook.forecast - (40 + 0.4 * 179)) < 2)
        #expect(outlook.count == 120)
    }

    @Test("O43: what runs out is foretold as what fills up")
    func runningOut() throws {
        let outlook = try #require(
            Outlook(
                Self.values(120) { 60 - 0.4 * $0 + Self.jitter($0) },
                threshold: Threshold(0, isCeiling: false),
                policy: Self.policy))
        #expect(outlook.isWarning)
    }

    @Test(
        "O43: nothing is foretold of what only looks like going there",
        arguments: ["noise", "step", "wave", "slow", "outliers", "falling"])
    func nothing(shape: String) throws {
        let values = Self.values(240) { minute in
            switch shape {
            case "noise": 80 + 10 * Self.jitter(minute)
            case "step": (minute < 150 ? 50 : 90) + Self.jitter(minute)
            // Up and down within forty minutes, and upwards at the end.
            case "wave": 70 + 25 * (1 - abs((minute / 20).truncatingRemainder(dividingBy: 2) - 1))
            case "slow": 40 + 0.01 * minute + Self.jitter(minute)
            case "outliers": minute > 200 && Int(minute) % 7 == 0 ? 99 : 50 + Self.jitter(minute)
            default: 99 - 0.1 * minute
            }
        }
        let outlook = try #require(Outlook(values, threshold: Self.ceiling, policy: Self.policy))
        #expect(!outlook.isWarning)
    }

    @Test("O43: from few values, or from less time than is looked ahead, nothing is said")
    func tooLittle() {
        #expect(Outlook(Self.values(29) { $0 }, threshold: Self.ceiling, policy: Self.policy) == nil)
        #expect(Outlook(Self.values(59) { $0 }, threshold: Self.ceiling, policy: Self.policy) == nil)
        #expect(Outlook(Self.values(62) { $0 }, threshold: Self.ceiling, policy: Self.policy) != nil)
        #expect(
            Outlook(
                (0..<200).map { _ in TimedValue(at: Timestamp(milliseconds: 0), value: 1) },
                threshold: Self.ceiling, policy: Self.policy) == nil)
    }

    @Test("what is beyond its threshold already is an alert's matter, not a forecast's")
    func over() throws {
        let outlook = try #require(
            Outlook(Self.values(120) { 60 + 0.4 * $0 }, threshold: Self.ceiling, policy: Self.policy))
        #expect(!outlook.isWarning)
        #expect(outlook.timeLeft == .zero)
    }

    @Test("the robust line keeps its slope with a quarter of the values gone wild")
    func robust() throws {
        let outlook = try #require(
            Outlook(
                Self.values(120) { Int($0) % 4 == 1 ? 1000 * Self.jitter($0) : 10 + 0.1 * $0 },
                threshold: Self.ceiling, policy: Self.policy))
        #expect(abs(outlook.forecast - (10 + 0.1 * 179)) < 2)
    }

    @Test("Mann and Kendall's test finds trends of any shape, and none in chance")
    func trend() {
        // Kendall's balance of five rising values is 10, its variance 50/3.
        #expect(abs(MannKendall([1, 2, 3, 4, 5]).score - 9 / (50.0 / 3).squareRoot()) < 1e-12)
        #expect(MannKendall([5, 4, 3, 2, 1]).score < 0)
        #expect(MannKendall([Double](repeating: 3, count: 50)).score == 0)
        #expect(abs(MannKendall((0..<100).map { Self.jitter(Double($0)) }).score) < 2.576)
        #expect(MannKendall((0..<50).map { Double($0 * $0) }).score > 5)
    }

    @Test("Holt's forecast follows a straight line, and is less sure the further it looks")
    func holt() throws {
        let forecast = try #require(
            HoltForecast((0..<60).map { 3 + 2 * Double($0) + Self.jitter(Double($0)) }))
        #expect(abs(forecast.value(after: 10) - (3 + 2 * 69)) < 3)
        #expect(forecast.deviation(after: 20) > forecast.deviation(after: 1))
        #expect(HoltForecast([1, 2, 3]) == nil)
    }

    @Test("a warning takes two outlooks to be raised and three to be over")
    func warning() {
        var warning = ForecastState()
        var told: [Bool] = []
        for (minute, warns) in [true, false, true, true, false, false, true, false, false, false].enumerated()
        {
            warning.note(warns, at: Timestamp(milliseconds: Int64(minute)))
            told.append(warning.isRaised)
        }
        #expect(told == [false, false, false, true, true, true, true, true, true, false])
        #expect(warning.raisedAt == Timestamp(milliseconds: 3))
        #expect(warning.clearedAt == Timestamp(milliseconds: 9))
    }
}

import Domain
import Testing

@Suite("The verdict on one part")
struct HealthVerdictTests {
    private static let start = Timestamp(milliseconds: 1_790_000_000_000)

    private func reading(_ level: HealthLevel, at seconds: Int64, took: Duration = .zero) -> HealthReading {
        HealthReading(
            ComponentHealth(name: "chat", level: level, detail: "found", isEssential: false),
            at: Self.start + .seconds(seconds), took: took)
    }

    @Test(
        "O35: one odd reading turns nothing; three bad ones in a row do, and two good ones turn it back",
        arguments: [
            ([], HealthLevel.unknown),
            ([.unhealthy], .unhealthy),
            ([.healthy, .unhealthy, .unhealthy], .healthy),
            ([.healthy, .unhealthy, .unhealthy, .unhealthy], .unhealthy),
            // What comes and goes begins anew each time.
            ([.healthy, .unhealthy, .unhealthy, .healthy, .unhealthy, .unhealthy], .healthy),
            ([.unhealthy, .healthy], .unhealthy),
            ([.unhealthy, .healthy, .healthy], .healthy),
            ([.unhealthy, .healthy, .unhealthy, .healthy], .unhealthy),
            // What all of the readings are at least.
            ([.healthy, .unhealthy, .degraded, .unhealthy], .degraded),
            ([.healthy, .degraded, .degraded, .degraded, .unhealthy, .unhealthy], .degraded),
            ([.unhealthy, .degraded, .healthy], .degraded),
            // The other side begins a count of its own.
            ([.degraded, .unhealthy, .unhealthy, .healthy, .unhealthy], .degraded),
            // Nobody measures whether maintenance goes on.
            ([.healthy, .maintenance], .maintenance),
            ([.maintenance, .healthy], .healthy),
        ] as [([HealthLevel], HealthLevel)])
    func hysteresis(_ readings: [HealthLevel], _ verdict: HealthLevel) {
        var hysteresis = HealthHysteresis()
        for reading in readings { _ = hysteresis.take(reading) }
        #expect(hysteresis.settled == verdict)
    }

    @Test("O35: a verdict says when it has become another one, and whether it is in doubt")
    func doubt() {
        var hysteresis = HealthHysteresis(HealthHysteresis.Thresholds(fall: 2, rise: 1))
        var turns: [Bool] = []
        var doubts: [Bool] = []
        for reading in [HealthLevel.healthy, .unhealthy, .unhealthy, .healthy] {
            turns.append(hysteresis.take(reading))
            doubts.append(hysteresis.isInDoubt)
        }
        #expect(turns == [true, false, true, true])
        #expect(doubts == [false, true, false, false])
    }

    @Test("O35: what was not looked at for three periods and a deadline is unknown, not as it was last")
    func staleness() {
        var track = HealthTrack(.ordinary)
        #expect(track.level(at: Self.start) == .unknown && track.isStale(at: Self.start))
        _ = track.take(reading(.healthy, at: 0))
        #expect(track.level(at: Self.start + .seconds(31)) == .healthy)
        #expect(track.level(at: Self.start + .seconds(32)) == .unknown)
        #expect(track.settled == .healthy)
        // A clock that was set back does not make it older than nothing.
        #expect(!track.isStale(at: Self.start - .seconds(99)))
    }

    @Test("O34: rates and times are those of the last readings, not of all that ever were")
    func window() {
        var track = HealthTrack(.ordinary)
        for second in 0..<60 { _ = track.take(reading(.unhealthy, at: Int64(second))) }
        #expect(track.errorRate == 1)
        for second in 60..<120 {
            _ = track.take(reading(.healthy, at: Int64(second), took: .milliseconds(second)))
        }
        #expect(track.errorRate == 0)
        #expect(track.samples.count == HealthTrack.historyLength)
        #expect(track.samples.first?.at == Self.start + .seconds(60))
        #expect(track.responseTime(quantile: 0.95) == .milliseconds(117))
    }

    @Test("O38: availability counts what worked against what did not, and what nobody knows neither way")
    func availability() throws {
        var track = HealthTrack(.ordinary)
        #expect(track.availability(at: Self.start) == nil)
        for second in stride(from: Int64(0), through: 30, by: 10) {
            _ = track.take(reading(.healthy, at: second))
        }
        for second in stride(from: Int64(40), through: 60, by: 10) {
            _ = track.take(reading(.unhealthy, at: second))
        }
        // Healthy from 0 to 60, when the verdict falls; then down for ten seconds.
        _ = track.take(reading(.unhealthy, at: 70))
        #expect(try #require(track.availability(at: Self.start + .seconds(70))) == 60.0 / 70)
        // Of a pause of an hour only what the last reading vouched for counts.
        _ = track.take(reading(.unhealthy, at: 3670))
        #expect(try #require(track.availability(at: Self.start + .seconds(3670))) == 60.0 / 101)
        #expect(track.availability(at: Self.start + .seconds(100_000)) == nil)
    }

    @Test("O38: availability forgets what is older than a day, and bears a clock that goes back")
    func availabilityWindow() throws {
        var availability = Availability()
        let hour = Duration.seconds(3600)
        availability.add(.unhealthy, from: Self.start, to: Self.start + hour)
        availability.add(.maintenance, from: Self.start + hour, to: Self.start + hour * 2)
        availability.add(.healthy, from: Self.start + hour * 2, to: Self.start + hour * 40)
        #expect(availability.share(at: Self.start + hour * 40) == 1)
        availability.add(.healthy, from: Self.start + hour, to: Self.start + hour * 2)
        availability.add(.healthy, from: Self.start, to: Self.start - hour)
        #expect(availability.share(at: Self.start + hour * 2) == 1)
    }

    @Test(
        "the pause is a tenth longer or shorter, and short where something is wrong",
        arguments: [0, UInt64.max])
    func pause(chance: UInt64) {
        let calm = HealthPace.ordinary.pause(isUrgent: false, chance: chance)
        #expect(calm >= .seconds(9) && calm <= .seconds(11))
        let urgent = HealthPace.ordinary.pause(isUrgent: true, chance: chance)
        #expect(urgent >= .milliseconds(900) && urgent <= .milliseconds(1100))
    }

    @Test("the last values stay, the oldest goes")
    func recent() {
        var values = RecentValues<Int>(capacity: 3)
        #expect(values.all == [])
        for value in 1...5 { values.append(value) }
        #expect(values.all == [3, 4, 5] && values.count == 3)
    }
}

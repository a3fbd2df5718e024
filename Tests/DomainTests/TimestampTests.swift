import Domain
import Testing

@Suite("Moments and durations") struct TimestampTests {
    private let now = Timestamp(milliseconds: 1_790_000_000_000)

    @Test("a moment moves by a duration, in whole milliseconds")
    func arithmetic() {
        #expect((now + .milliseconds(1500)).milliseconds == 1_790_000_001_500)
        #expect((now - .seconds(2)).milliseconds == 1_789_999_998_000)
        #expect(now - (now - .seconds(2)) == .seconds(2))
        #expect(Duration.microseconds(-1_900).wholeMilliseconds == -1)
    }

    @Test(
        "what is beyond the bounds stays at them",
        arguments: [Duration.seconds(Int64.max), .seconds(99_999_999_999_999_999), .milliseconds(Int64.max)])
    func bounds(duration: Duration) {
        #expect(now + duration == Timestamp(milliseconds: .max))
        #expect(Timestamp(milliseconds: -10) - duration <= Timestamp(milliseconds: .min + 1))
        #expect(duration.wholeMilliseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeMilliseconds == .min)
        #expect(
            Timestamp(milliseconds: .max) - Timestamp(milliseconds: .min) == .milliseconds(Int64.max))
        #expect(
            Timestamp(milliseconds: .min) - Timestamp(milliseconds: .max) == .milliseconds(Int64.min))
    }

    @Test(
        "the nearest integer of any number is one",
        arguments: [
            (1.5, 2), (-1.5, -2), (0.4, 0), (1e300, Int.max), (-1e300, Int.min), (.infinity, Int.max),
            (-.infinity, Int.min), (.nan, 0), (9.3e18, Int.max),
        ])
    func nearest(value: Double, expected: Int) {
        #expect(Int(nearest: value) == expected)
        #expect(UInt8(nearest: value) == UInt8(clamping: expected))
    }
}

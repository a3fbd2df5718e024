import Domain
import Testing

@Suite("Months of credits")
struct CreditPeriodTests {
    @Test(
        "a moment lies in its month, in UTC",
        arguments: [
            (0, "1970-01"), (-1, "1969-12"), (951_782_400_000, "2000-02"), (951_868_799_999, "2000-02"),
            (951_868_800_000, "2000-03"), (4_107_542_399_999, "2100-02"), (4_107_542_400_000, "2100-03"),
            (1_795_996_799_999, "2026-11"), (1_796_083_200_000, "2026-12"), (1_798_761_600_000, "2027-01"),
        ] as [(Int64, String)])
    func month(_ milliseconds: Int64, _ key: String) {
        #expect(CreditPeriod(containing: Timestamp(milliseconds: milliseconds)).description == key)
    }

    @Test("each day of four centuries lies in the month of the day before or in the next one")
    func everyDay() throws {
        let day: Int64 = 86_400_000
        var period = try #require(CreditPeriod("1970-01"))
        var lengths: [Int: Set<Int>] = [:]
        var length = 0
        for index in 0..<Int64(146_097) {
            let next = CreditPeriod(containing: Timestamp(milliseconds: index * day))
            if next != period {
                #expect(next == period.next)
                lengths[period.month, default: []].insert(length)
                (period, length) = (next, 0)
            }
            length += 1
        }
        #expect(lengths[2] == [28, 29])
        for month in [1, 3, 5, 7, 8, 10, 12] { #expect(lengths[month] == [31]) }
        for month in [4, 6, 9, 11] { #expect(lengths[month] == [30]) }
    }

    @Test("a key reads back", arguments: ["0000-01", "1999-12", "2026-11", "9999-12"])
    func keys(_ key: String) throws {
        #expect(try #require(CreditPeriod(key)).description == key)
    }

    @Test(
        "what is no key is none",
        arguments: ["", "2026", "2026-0", "2026-00", "2026-13", "26-11", "2026-11-1", "+026-11", "2026-1a"])
    func malformed(_ key: String) {
        #expect(CreditPeriod(key) == nil)
    }
}

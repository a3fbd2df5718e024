import Domain
import Testing

@Suite("Days of the calendar")
struct CivilDateTests {
    @Test(
        "a moment lies on its day in UTC",
        arguments: [
            (0, "1970-01-01"), (-1, "1969-12-31"), (86_399_999, "1970-01-01"), (86_400_000, "1970-01-02"),
            (951_782_400_000, "2000-02-29"), (951_868_800_000, "2000-03-01"),
            (4_107_542_400_000, "2100-03-01"), (1_795_219_200_000, "2026-11-21"),
            (-62_135_596_800_000, "0001-01-01"),
        ] as [(Int64, String)])
    func days(milliseconds: Int64, day: String) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(CivilDate(of: moment).description == day)
        #expect(CreditPeriod(containing: moment).description == day.prefix(7))
    }
}

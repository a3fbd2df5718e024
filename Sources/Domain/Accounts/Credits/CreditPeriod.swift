/// The calendar month, in UTC, for which a plan's credits are granted.
///
/// Months are counted in UTC and not in the user's time zone, so that moving to another zone never begins one
/// again.
public struct CreditPeriod: Hashable, Comparable, Sendable {
    /// The months since January of the year 0.
    private let index: Int

    /// The month of that year; 1 is January.
    public init?(year: Int, month: Int) {
        guard (1...12).contains(month), (0...9999).contains(year) else { return nil }
        index = year * 12 + month - 1
    }

    /// The month in which that moment lies.
    public init(containing moment: Timestamp) {
        let date = CivilDate(of: moment)
        index = date.year * 12 + date.month - 1
    }

    /// The year.
    public var year: Int { index.flooredQuotient(by: 12) }
    /// The month, 1 for January.
    public var month: Int { index - year * 12 + 1 }
    /// The month after it.
    public var next: CreditPeriod { CreditPeriod(index: index + 1) }

    /// Parses the key, such as `2026-11`; nil for anything else.
    public init?(_ key: String) {
        let parts = key.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 4, parts[1].count == 2,
            parts.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }),
            let year = Int(String(decoding: parts[0], as: UTF8.self)),
            let month = Int(String(decoding: parts[1], as: UTF8.self))
        else { return nil }
        self.init(year: year, month: month)
    }

    private init(index: Int) {
        self.index = index
    }

    /// Orders by time.
    public static func < (first: Self, second: Self) -> Bool {
        first.index < second.index
    }
}

extension CreditPeriod: CustomStringConvertible {
    /// The key under which the month's grant is known: `2026-11`.
    public var description: String {
        let year = String(year)
        let month = String(month)
        return String(repeating: "0", count: max(0, 4 - year.count)) + year + (month.count < 2 ? "-0" : "-")
            + month
    }
}

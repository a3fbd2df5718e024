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
    ///
    /// The date is found as in Howard Hinnant's `civil_from_days`
    /// (https://howardhinnant.github.io/date_algorithms.html): days are counted in eras of 400 years, and years
    /// from March, so that the leap day is the last.
    public init(containing moment: Timestamp) {
        let millisecondsPerDay: Int64 = 86_400_000
        let days = Int(moment.milliseconds.flooredQuotient(by: millisecondsPerDay)) + 719_468
        let era = days.flooredQuotient(by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        index = (era * 400 + yearOfEra) * 12 + monthFromMarch + 2
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

extension BinaryInteger {
    fileprivate func flooredQuotient(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// A day of the proleptic Gregorian calendar, in UTC.
package struct CivilDate: Hashable, Sendable {
    /// The year; 0 is the one before the year 1.
    package let year: Int
    /// The month, 1 for January.
    package let month: Int
    /// The day of the month, from 1.
    package let day: Int

    /// The day on which that moment lies.
    ///
    /// Found as in Howard Hinnant's `civil_from_days` (https://howardhinnant.github.io/date_algorithms.html): days are
    /// counted in eras of 400 years, and years from March, so that the leap day is the last.
    package init(of moment: Timestamp) {
        let millisecondsPerDay: Int64 = 86_400_000
        let days = Int(moment.milliseconds.flooredQuotient(by: millisecondsPerDay)) + 719_468
        let era = days.flooredQuotient(by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }
}

extension CivilDate: CustomStringConvertible {
    /// The day as ISO 8601 writes it: `2026-11-21`.
    package var description: String {
        let parts = [(year, 4), (month, 2), (day, 2)].map { number, digits in
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        return parts.joined(separator: "-")
    }
}

extension BinaryInteger {
    /// The quotient, rounded down.
    package func flooredQuotient(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

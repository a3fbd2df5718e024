internal import Domain

/// How moments stand on the wire: RFC 3339 in UTC with milliseconds, such as `2026-03-01T12:00:00.250Z`.
///
/// The calendar is Howard Hinnant's `civil_from_days` (proleptic Gregorian), which needs no time zone data.
enum RFC3339 {
    /// The length of what is written, in bytes.
    static let length = 24

    /// Writes `moment` into 24 bytes; years beyond 0–9999, which RFC 3339 cannot say, are clamped.
    static func write(_ moment: Timestamp, into text: UnsafeMutableBufferPointer<UInt8>) {
        let clamped = min(max(moment.milliseconds, earliest), latest)
        let (days, milliseconds) = floorDivision(clamped, by: 86_400_000)
        let date = civil(days: days)
        let seconds = milliseconds / 1000
        put(date.year, digits: 4, at: 0, in: text)
        text[4] = UInt8(ascii: "-")
        put(date.month, digits: 2, at: 5, in: text)
        text[7] = UInt8(ascii: "-")
        put(date.day, digits: 2, at: 8, in: text)
        text[10] = UInt8(ascii: "T")
        put(seconds / 3600, digits: 2, at: 11, in: text)
        text[13] = UInt8(ascii: ":")
        put(seconds / 60 % 60, digits: 2, at: 14, in: text)
        text[16] = UInt8(ascii: ":")
        put(seconds % 60, digits: 2, at: 17, in: text)
        text[19] = UInt8(ascii: ".")
        put(milliseconds % 1000, digits: 3, at: 20, in: text)
        text[23] = UInt8(ascii: "Z")
    }

    private static let earliest: Int64 = -62_167_219_200_000
    private static let latest: Int64 = 253_402_300_799_999

    private static func floorDivision(_ dividend: Int64, by divisor: Int64) -> (quotient: Int64, rest: Int64)
    {
        let (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }

    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let (era, dayOfEra) = floorDivision(shifted, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func put(
        _ number: Int64, digits: Int, at start: Int, in text: UnsafeMutableBufferPointer<UInt8>
    ) {
        var rest = number
        for position in stride(from: start + digits - 1, through: start, by: -1) {
            text[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}

extension Timestamp {
    /// The moment as RFC 3339 writes it.
    package var rfc3339: String {
        String(unsafeUninitializedCapacity: RFC3339.length) { buffer in
            RFC3339.write(self, into: UnsafeMutableBufferPointer(rebasing: buffer[..<RFC3339.length]))
            return RFC3339.length
        }
    }
}

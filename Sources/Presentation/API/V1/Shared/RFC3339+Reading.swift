internal import Domain

extension RFC3339 {
    /// The moment that a text states.
    ///
    /// Such as `2026-03-01T12:00:00Z` or `2026-03-01t13:00:00.25+01:00`; nil for anything else. What is finer than a
    /// millisecond is cut off, and a leap second is the one after it. The calendar is Howard Hinnant's
    /// `days_from_civil` (proleptic Gregorian), the inverse of what writing uses.
    static func read(_ text: String) -> Timestamp? {
        var rest = Array(text.utf8)[...]
        guard let year = number(&rest, digits: 4), take("-", &rest), let month = number(&rest, digits: 2),
            take("-", &rest), let day = number(&rest, digits: 2), take("Tt", &rest),
            let hour = number(&rest, digits: 2), take(":", &rest), let minute = number(&rest, digits: 2),
            take(":", &rest), let second = number(&rest, digits: 2),
            (1...12).contains(month), (1...length(ofMonth: month, in: year)).contains(day), hour < 24,
            minute < 60, second <= 60, let fraction = fraction(&rest), let offset = offset(&rest),
            rest.isEmpty
        else { return nil }
        let minutes = (days(year, month, day) * 24 + hour) * 60 + minute - offset
        return Timestamp(milliseconds: (minutes * 60 + second) * 1000 + fraction)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int64? {
        let part = rest.prefix(digits)
        guard part.count == digits, part.allSatisfy(isDigit) else { return nil }
        rest = rest.dropFirst(digits)
        return part.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    private static func take(_ signs: StaticString, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let first = rest.first, signs.withUTF8Buffer({ $0.contains(first) }) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// The milliseconds of a fraction; 0 without one, nil for a point with nothing behind it.
    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard take(".", &rest) else { return 0 }
        let digits = rest.prefix(while: isDigit)
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        return (Array(digits.prefix(3)) + [UInt8](repeating: UInt8(ascii: "0"), count: 3)).prefix(3)
            .reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// The minutes that a clock there is ahead of UTC.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        if take("Zz", &rest) { return 0 }
        let isBehind = rest.first == UInt8(ascii: "-")
        guard take("+-", &rest), let hours = number(&rest, digits: 2), take(":", &rest),
            let minutes = number(&rest, digits: 2), hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isBehind ? -1 : 1)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func length(ofMonth month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        // Years begin in March, so that leap days are at their ends; none here is before -1.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

extension JSONInput where Value == Timestamp {
    /// RFC 3339, with any offset from UTC.
    static var moment: Self {
        Self(.string(format: "date-time")) { document, pointer, faults in
            guard case .string(let text) = document else {
                faults.append(.wrongType(document, at: pointer, expected: "a string"))
                return nil
            }
            guard let moment = RFC3339.read(text) else {
                faults.append(Fault(.body(pointer.text), .badFormat, RFC3339.expectation))
                return nil
            }
            return moment
        }
    }
}

extension Parameters {
    /// A moment in the query, nil when it is absent.
    static func moment(_ name: String, _ doc: String) -> Parameter<Timestamp?> {
        .optional(
            .query, name, .string(format: "date-time"), doc, example: "2026-11-01T00:00:00Z", default: nil
        ) { text in
            guard let moment = RFC3339.read(text) else {
                return .failure(ParameterFault(.badFormat, RFC3339.expectation))
            }
            return .success(moment)
        }
    }
}

extension RFC3339 {
    fileprivate static let expectation = "must be a moment such as 2026-11-01T00:00:00Z"
}

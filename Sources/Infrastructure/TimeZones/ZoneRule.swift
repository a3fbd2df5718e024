import Glibc

/// How the clocks of a zone are changed each year, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// POSIX.1-2017, section 8.3, `TZ`, with the hours from −167 to 167 that RFC 9636, section 3.3.1, adds.
struct ZoneRule: Hashable, Sendable {
    /// How far the clocks are ahead of UTC, in seconds, when nothing is changed.
    private let standard: Int64
    /// What else holds for a part of the year; nil when nothing does.
    private let daylight: Daylight?

    private struct Daylight: Hashable, Sendable {
        let offset: Int64
        /// When it begins, by the clocks that were not yet changed.
        let start: YearlyMoment
        /// When it ends, by the clocks that are still changed.
        let end: YearlyMoment
    }

    /// A rule; nil when it is not written as it should be.
    init?(_ text: String) {
        var reader = RuleReader(text)
        guard reader.skipName(), let west = reader.time(hours: 24) else { return nil }
        standard = -west
        guard !reader.isAtEnd else {
            daylight = nil
            return
        }
        guard reader.skipName() else { return nil }
        // An hour ahead unless it says otherwise.
        var offset = standard + 3600
        if !reader.isNext(",") {
            guard let west = reader.time(hours: 24) else { return nil }
            offset = -west
        }
        guard reader.skip(","), let start = reader.moment(), reader.skip(","), let end = reader.moment(),
            reader.isAtEnd
        else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    /// The stretch that contains a second.
    func stretch(at second: Int64) -> ZoneFile.Stretch {
        guard let daylight else { return ZoneFile.Stretch(start: .min, end: .max, offset: standard) }
        let year = CivilDay.year(of: second)
        // The neighbouring years hold the changes before and after.
        let years = year - 1...year + 1
        let starts = years.map { daylight.start.second(of: $0) - standard }
        let ends = years.map { daylight.end.second(of: $0) - daylight.offset }
        let lastStart = starts.last { $0 <= second } ?? .min
        let lastEnd = ends.last { $0 <= second } ?? .min
        // Where it ends as it begins again, which is how one writes that it never ends, the beginning counts.
        return ZoneFile.Stretch(
            start: max(lastStart, lastEnd), end: (starts + ends).filter { $0 > second }.min() ?? .max,
            offset: lastStart >= lastEnd ? daylight.offset : standard)
    }
}

/// A moment that comes once in each year.
struct YearlyMoment: Hashable, Sendable {
    /// How the day is given.
    enum Day: Hashable, Sendable {
        /// The week's day (0 is Sunday) for the first to fourth time in a month, or with 5 for the last.
        case month(Int, week: Int, weekday: Int)
        /// The year's day from 1, where 29 February is never counted.
        case withoutLeapDay(Int)
        /// The year's day from 0.
        case ofYear(Int)
    }

    /// The day.
    let day: Day
    /// Seconds after its beginning; may lie before it or days later.
    let time: Int64

    /// The moment in one year, by the clocks of the place, as if they showed UTC.
    func second(of year: Int) -> Int64 {
        let days: Int64 =
            switch day {
            case .ofYear(let day): CivilDay.number(year, 1) + Int64(day)
            case .withoutLeapDay(let day):
                // In leap years 1 March, day 60, comes a day later.
                CivilDay.number(year, 1) + Int64(day - 1)
                    + (day >= 60 ? CivilDay.number(year, 3) - CivilDay.number(year, 1) - 59 : 0)
            case .month(let month, let week, let weekday):
                Self.day(year, month, week, weekday)
            }
        return days * CivilDay.length + time
    }

    private static func day(_ year: Int, _ month: Int, _ week: Int, _ weekday: Int) -> Int64 {
        let first = CivilDay.number(year, month)
        // 1970 began with a Thursday.
        let ahead = (Int64(weekday) - 4 - first) % 7
        let day = first + (ahead + 7) % 7 + Int64(week - 1) * 7
        return day < CivilDay.number(year, month + 1) ? day : day - 7
    }
}

/// Days of the Gregorian calendar, by the C library.
enum CivilDay {
    /// How many seconds a day has.
    static let length: Int64 = 86_400

    /// How many days a month's first is after 1970-01-01; the 13th month is the next year's first.
    static func number(_ year: Int, _ month: Int) -> Int64 {
        var parts = tm()
        parts.tm_year = Int32(clamping: year - 1900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = 1
        return Int64(timegm(&parts)) / length
    }

    /// The year in UTC that contains a second.
    static func year(of second: Int64) -> Int {
        var time = time_t(second)
        var parts = tm()
        // Beyond some 2,000 million years there is none.
        guard gmtime_r(&time, &parts) != nil else { return second < 0 ? -2_000_000_000 : 2_000_000_000 }
        return Int(parts.tm_year) + 1900
    }
}

/// Takes the parts of a rule from its text.
private struct RuleReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    func isNext(_ letter: Unicode.Scalar) -> Bool { rest.first == UInt8(ascii: letter) }

    mutating func skip(_ letter: Unicode.Scalar) -> Bool {
        guard isNext(letter) else { return false }
        rest.removeFirst()
        return true
    }

    /// Skips a name: three letters or more, or anything in angle brackets.
    mutating func skipName() -> Bool {
        if skip("<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let letters = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
        rest = rest.dropFirst(letters.count)
        return letters.count >= 3
    }

    /// A whole number within bounds.
    mutating func number(_ bounds: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let number = Int(Substring(digits)), bounds.contains(number) else { return nil }
        rest = rest.dropFirst(digits.count)
        return number
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time(hours: Int) -> Int64? {
        let isNegative = isNext("-")
        if isNegative || isNext("+") { rest.removeFirst() }
        guard let hours = number(0...hours) else { return nil }
        var seconds = hours * 3600
        if skip(":") {
            guard let minutes = number(0...59) else { return nil }
            seconds += minutes * 60
            if skip(":") {
                guard let odd = number(0...59) else { return nil }
                seconds += odd
            }
        }
        return Int64(isNegative ? -seconds : seconds)
    }

    /// `Mm.w.d`, `Jn` or `n`, and after a slash the time, which is else two o'clock.
    mutating func moment() -> YearlyMoment? {
        guard let day = day() else { return nil }
        guard skip("/") else { return YearlyMoment(day: day, time: 2 * 3600) }
        return time(hours: 167).map { YearlyMoment(day: day, time: $0) }
    }

    private mutating func day() -> YearlyMoment.Day? {
        if skip("J") { return number(1...365).map { .withoutLeapDay($0) } }
        guard skip("M") else { return number(0...365).map { .ofYear($0) } }
        guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
            let weekday = number(0...6)
        else { return nil }
        return .month(month, week: week, weekday: weekday)
    }
}

import Application
import Domain
import Infrastructure
import TestSupport
import Testing

@Suite("Days in the time zones of people")
struct ZoneCalendarTests {
    private let calendar = ZoneCalendar()

    struct Case: Sendable, CustomTestStringConvertible {
        let zone: String
        /// A moment in UTC, in seconds since 1970.
        let moment: Int64
        let start: Int64
        let hours: Double
        let what: String

        init(_ zone: String, _ moment: String, from start: String, hours: Double, _ what: String) {
            self.zone = zone
            self.moment = seconds(moment)
            self.start = seconds(start)
            self.hours = hours
            self.what = what
        }

        var testDescription: String { "\(zone): \(what)" }
    }

    @Test(
        "a day begins when a clock of the place first shows its date and ends with the next",
        arguments: [
            Case("UTC", "2026-11-21 16:30", from: "2026-11-21 00:00", hours: 24, "any day"),
            Case("Etc/GMT+12", "2026-11-21 11:59", from: "2026-11-20 12:00", hours: 24, "far behind"),
            Case("Pacific/Kiritimati", "2026-11-21 10:00", from: "2026-11-21 10:00", hours: 24, "far ahead"),
            Case("Asia/Kathmandu", "2026-11-21 00:00", from: "2026-11-20 18:15", hours: 24, "quarters"),
            Case("Europe/Berlin", "2026-03-29 12:00", from: "2026-03-28 23:00", hours: 23, "spring"),
            Case("Europe/Berlin", "2026-10-25 00:30", from: "2026-10-24 22:00", hours: 25, "autumn"),
            Case("Europe/Berlin", "2026-10-25 22:59", from: "2026-10-24 22:00", hours: 25, "its last minute"),
            Case("Europe/Berlin", "2026-10-25 23:00", from: "2026-10-25 23:00", hours: 24, "the next"),
            Case(
                "Europe/Dublin", "2026-03-29 12:00", from: "2026-03-29 00:00", hours: 23,
                "winter is the odd one"),
            Case(
                "America/New_York", "1995-04-02 12:00", from: "1995-04-02 05:00", hours: 23, "an earlier rule"
            ),
            Case("America/Sao_Paulo", "2018-11-04 12:00", from: "2018-11-04 03:00", hours: 23, "no midnight"),
            Case(
                "America/Sao_Paulo", "2018-11-04 02:59", from: "2018-11-03 03:00", hours: 24, "the eve of it"),
            Case(
                "America/Sao_Paulo", "2018-02-18 02:30", from: "2018-02-17 02:00", hours: 25,
                "back at midnight"),
            Case("America/Havana", "2026-11-01 05:30", from: "2026-11-01 04:00", hours: 25, "midnight twice"),
            Case(
                "Australia/Lord_Howe", "2026-10-03 16:00", from: "2026-10-03 13:30", hours: 23.5,
                "half an hour"),
            Case(
                "Pacific/Apia", "2011-12-30 09:59", from: "2011-12-29 10:00", hours: 24,
                "before a date was skipped"),
            Case("Pacific/Apia", "2011-12-30 10:00", from: "2011-12-30 10:00", hours: 24, "after it"),
            Case("Africa/Casablanca", "2026-02-15 12:00", from: "2026-02-14 23:00", hours: 25, "Ramadan"),
            // The rules that go on for ever.
            Case(
                "Europe/Berlin", "2126-03-31 12:00", from: "2126-03-30 23:00", hours: 23, "in a hundred years"
            ),
            Case("Australia/Sydney", "2100-01-15 00:00", from: "2100-01-14 13:00", hours: 24, "summer there"),
            Case("Australia/Sydney", "2100-04-03 20:00", from: "2100-04-03 13:00", hours: 25, "its end"),
            Case(
                "America/Nuuk", "2099-03-28 12:00", from: "2099-03-28 02:00", hours: 23,
                "an hour before midnight"),
            Case("Asia/Tokyo", "1900-06-01 00:00", from: "1900-05-31 15:00", hours: 24, "long ago"),
        ])
    func day(_ the: Case) throws {
        let zone = try TimeZoneName(the.zone)
        let day = try #require(calendar.day(containing: moment(the.moment), in: zone))
        #expect(day.start == moment(the.start))
        #expect(day.end - day.start == .seconds(the.hours * 3600))
    }

    @Test("where the clocks went back over midnight, the hour that came again belongs to the later day")
    func backOverMidnight() throws {
        // On 2006-10-29 St John's showed 00:00, and at 00:01 23:01 of the day before.
        let zone = try TimeZoneName("America/St_Johns")
        let first = moment(seconds("2006-10-29 02:30"))
        let day = try #require(calendar.day(containing: first, in: zone))
        #expect(day.start == first)
        #expect(day.end == moment(seconds("2006-10-30 03:30")))
        for minutes in [0, 1, 30, 59, 60, 61] as [Int64] {
            #expect(calendar.day(containing: first + .seconds(60 * minutes), in: zone) == day)
        }
        let before = try #require(calendar.day(containing: first - .milliseconds(1), in: zone))
        #expect(before.end == day.start && before.end - before.start == .seconds(86_400))
    }

    @Test(
        "days follow on each other without a gap, from the first zones to centuries on",
        arguments: [
            "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Asia/Gaza", "UTC",
        ])
    func gapless(name: String) throws {
        let zone = try TimeZoneName(name)
        for start in [
            "1910-01-01 00:00", "1985-06-01 00:00", "2011-12-01 00:00", "2035-01-01 00:00",
            "2300-01-01 00:00",
        ] {
            var day = try #require(calendar.day(containing: moment(seconds(start)), in: zone))
            for _ in 0..<800 {
                let next = try #require(calendar.day(containing: day.end, in: zone))
                #expect(next.start == day.end)
                #expect(calendar.day(containing: day.end - .milliseconds(1), in: zone) == day)
                day = next
            }
        }
    }

    @Test(
        "what is no zone is none",
        arguments: [
            "Europe/Atlantis", "Europe", "zone1970", "leapseconds", "right/Europe/Berlin", "../etc/passwd",
            "/etc/passwd",
            "", ".", "tzdata.zi", "Europe/../UTC", "UTC\0",
        ])
    func unknown(name: String) {
        #expect(calendar.day(containing: Timestamp(milliseconds: 0), in: TimeZoneName(stored: name)) == nil)
    }

    @Test("a machine without the database knows UTC, and no other zone")
    func noDatabase() throws {
        let calendar = ZoneCalendar(folder: "/nonexistent")
        let noon = Timestamp(milliseconds: 43_200_000)
        let day = try #require(calendar.day(containing: noon, in: .utc))
        #expect((day.start, day.end) == (noon - .seconds(43_200), noon + .seconds(43_200)))
        #expect(calendar.day(containing: noon, in: TimeZoneName(stored: "Europe/Berlin")) == nil)
    }

    @Test("files that are damaged in any way are no zones, and no trap")
    func damaged() async throws {
        let sound = try #require(readFile("/usr/share/zoneinfo/Europe/Berlin"))
        try await withTemporaryFolder { folder in
            func isRead(_ bytes: [UInt8]) throws -> Bool {
                writeFile(bytes, to: folder + "/Zone")
                let zone = try TimeZoneName("Zone")
                return ZoneCalendar(folder: folder).day(containing: moment(2_000_000_000), in: zone) != nil
            }
            #expect(try isRead(sound))
            for length in stride(from: 0, to: sound.count, by: 7) {
                #expect(try !isRead(Array(sound[..<length])))
            }
            #expect(try !isRead(sound.dropLast()))
            for index in 0..<44 { _ = try isRead(changed(sound, at: index)) }
            for index in stride(from: 44, to: sound.count, by: 13) {
                _ = try isRead(changed(sound, at: index))
            }
            let end = try #require(sound.dropLast().lastIndex(of: UInt8(ascii: "\n")))
            for rule in [
                "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "C", "?",
                "CET-1CEST,M3.5.0,M10.5.0/3x",
            ] {
                #expect(try isRead(sound[...end] + Array(rule.utf8) + [10]) == false, "\(rule)")
            }
            #expect(try isRead(sound[...end] + [10]))
        }
    }

    @Test("moments beyond all calendars are no trap", arguments: [Int64.min, .max, .min / 2, .max / 2])
    func extremes(milliseconds: Int64) throws {
        for name in ["UTC", "Europe/Berlin", "Pacific/Apia", "Asia/Gaza"] {
            _ = calendar.day(containing: Timestamp(milliseconds: milliseconds), in: try TimeZoneName(name))
        }
    }

    @Test("every zone of the machine agrees with Python's, change by change", .enabled(if: Slow.enabled))
    func python() async throws {
        let script = """
            import random, zoneinfo
            from datetime import datetime, timedelta, timezone
            utc, epoch = timezone.utc, datetime(1970, 1, 1, tzinfo=timezone.utc)
            chance = random.Random(6901)
            for name in sorted(zoneinfo.available_timezones()):
                zone = zoneinfo.ZoneInfo(name)
                for _ in range(150):
                    moment = epoch + timedelta(seconds=chance.randrange(-2_000_000_000, 6_000_000_000))
                    date = moment.astimezone(zone).date()
                    # Seconds in which the date is this one, and the neighbours just outside.
                    low, high = moment - timedelta(hours=36), moment
                    while high - low > timedelta(seconds=1):
                        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
                        if middle.astimezone(zone).date() < date: low = middle
                        else: high = middle
                    start = high
                    low, high = moment, moment + timedelta(hours=36)
                    while high - low > timedelta(seconds=1):
                        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
                        if middle.astimezone(zone).date() <= date: low = middle
                        else: high = middle
                    print(name, *(round((m - epoch).total_seconds()) for m in (moment, start, high)))
            """
        let run = try await ChildProcesses.shared.run(
            ChildProgram(
                "python3", ["-c", script], limits: ChildLimits(deadline: .seconds(200), output: 32 << 20)))
        try #require(run.succeeded, "\(run.complaint)")
        var checked = 0
        for line in String(decoding: run.output, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Int64($0) }
            let zone = try TimeZoneName(String(words[0]))
            let day = calendar.day(containing: moment(numbers[0]), in: zone)
            #expect(day == UserDay(start: moment(numbers[1]), end: moment(numbers[2])), "\(line)")
            checked += 1
        }
        #expect(checked > 50_000)
    }

    private func changed(_ bytes: [UInt8], at index: Int) -> [UInt8] {
        var bytes = bytes
        bytes[index] = ~bytes[index]
        return bytes
    }
}

private func moment(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

/// The seconds since 1970 of `2026-11-21 16:30`, in UTC, by days counted one for one.
private func seconds(_ text: String) -> Int64 {
    let parts = text.split { "- :".contains($0) }.compactMap { Int64($0) }
    func isLeap(_ year: Int64) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }
    var days: Int64 = 0
    for year in min(parts[0], 1970)..<max(parts[0], 1970) {
        days += (isLeap(year) ? 366 : 365) * (parts[0] < 1970 ? -1 : 1)
    }
    let months: [Int64] = [31, isLeap(parts[0]) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    days += months.prefix(Int(parts[1]) - 1).reduce(0, +) + parts[2] - 1
    return (days * 24 + parts[3]) * 3600 + parts[4] * 60
}

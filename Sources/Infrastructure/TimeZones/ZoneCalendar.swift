import Application
package import Domain
import FoundationEssentials
import Synchronization

/// Finds days in time zones by the machine's copy of the IANA database.
///
/// A day begins when a clock of the place first shows its date and ends when the next one begins. So a day has 23 hours
/// or 25 where the clocks are changed, begins at one o'clock where midnight is skipped, and a date that was skipped is
/// no day. Where the clocks were put back over midnight, the hour that came again belongs to the later day.
package final class ZoneCalendar: Application.Calendar {
    private let folder: String
    /// The zones that were read: at most as many as there are files.
    private let zones = Mutex<[TimeZoneName: ZoneFile]>([:])

    /// A calendar that reads the zones' files in `folder` when they are first asked for.
    package init(folder: String = "/usr/share/zoneinfo") {
        self.folder = folder
    }

    package func day(containing moment: Timestamp, in zone: TimeZoneName) -> UserDay? {
        // A machine without the database still knows the zone of those who chose none.
        guard let zone = file(of: zone) ?? (zone == .utc ? .utc : nil) else { return nil }
        let second = moment.milliseconds.flooredQuotient(1000)
        var date = (second + zone.stretch(at: second).offset).flooredQuotient(CivilDay.length)
        // The clocks may have shown the next date already and been put back since.
        if Self.beginning(of: date + 1, in: zone) <= second { date += 1 }
        return UserDay(
            start: Timestamp(milliseconds: 0) + .seconds(Self.beginning(of: date, in: zone)),
            end: Timestamp(milliseconds: 0) + .seconds(Self.beginning(of: date + 1, in: zone)))
    }

    /// The first second in which the clocks show a date or a later one; the date is in days since 1970.
    private static func beginning(of date: Int64, in zone: ZoneFile) -> Int64 {
        let midnight = date * CivilDay.length
        // No zone has ever been more than a day ahead.
        var stretch = zone.stretch(at: midnight - 2 * CivilDay.length)
        while true {
            let beginning = max(stretch.start, midnight - stretch.offset)
            if beginning < stretch.end { return beginning }
            stretch = zone.stretch(at: stretch.end)
        }
    }

    private func file(of zone: TimeZoneName) -> ZoneFile? {
        if let file = zones.withLock({ $0[zone] }) { return file }
        // The name becomes part of a path, so its form is looked at even when it comes from a store.
        guard (try? TimeZoneName(zone.text)) != nil,
            let bytes = FileManager.default.contents(atPath: "\(folder)/\(zone.text)"),
            let file = ZoneFile(Array(bytes))
        else { return nil }
        zones.withLock { $0[zone] = file }
        return file
    }
}

extension Int64 {
    /// The quotient rounded down, also for numbers below zero.
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}

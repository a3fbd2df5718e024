import Domain
import FoundationEssentials

extension Settings {
    static let diskReserve = Setting<Int64?>(
        "disk_reserve", "BYTES", default: [],
        "New uploads and orders are refused while less is free; a twentieth of the disk, at most 512MiB, by default"
    ) { values throws(SettingError) in
        guard let text = values.last, !text.isEmpty else { return nil }
        guard let bytes = byteCount(text), bytes > 0 else {
            throw SettingError(expectation: "must be a size such as 500MB or 12GiB")
        }
        return bytes
    }
    static let healthPeriod = Setting.duration(
        "health_period", default: "10", "The time between two looks at each part while all is well")
    static let healthGroups = Setting<[HealthGroup]>(
        "health_groups", "NAME:PART+PART,…", default: [], isList: true,
        "Groups of parts under /health/groups, beside live, ready and startup"
    ) { values throws(SettingError) in
        try values.filter { !$0.isEmpty }.map { text throws(SettingError) in
            guard let group = healthGroup(text) else {
                throw SettingError(expectation: "must be groups such as recognition:transcription+ffmpeg")
            }
            return group
        }
    }
    static let maintenance = Setting<[MaintenanceWindow]>(
        "maintenance", "PART@FROM/TO,…", default: [], isList: true,
        "When parts are kept from their work on purpose, in RFC 3339"
    ) { values throws(SettingError) in
        try values.filter { !$0.isEmpty }.map { text throws(SettingError) in
            guard let window = maintenanceWindow(text) else {
                throw SettingError(
                    expectation: "must be windows such as chat@2026-12-01T01:00:00Z/2026-12-01T03:00:00Z")
            }
            return window
        }
    }

    static let healthSettings: [SettingDeclaration] = [
        diskReserve.declaration, healthPeriod.declaration, healthGroups.declaration, maintenance.declaration,
    ]

    private static func healthGroup(_ text: String) -> HealthGroup? {
        let halves = text.split(separator: ":", omittingEmptySubsequences: false)
        guard halves.count == 2, let name = ComponentName(String(halves[0])),
            !["live", "ready", "startup"].contains(name.text)
        else { return nil }
        let names = halves[1].split(separator: "+", omittingEmptySubsequences: false)
        let members = names.compactMap { ComponentName(String($0)) }
        return members.count == names.count ? HealthGroup(name, of: members) : nil
    }

    private static func maintenanceWindow(_ text: String) -> MaintenanceWindow? {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, let part = ComponentName(String(halves[0])) else { return nil }
        let bounds = halves[1].split(separator: "/", omittingEmptySubsequences: false).map(moment)
        guard bounds.count == 2, let start = bounds[0], let end = bounds[1] else { return nil }
        return MaintenanceWindow(of: part, from: start, to: end)
    }

    private static func moment(_ text: Substring) -> Timestamp? {
        guard let date = try? Date(String(text), strategy: .iso8601) else { return nil }
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
    }
}

import Application
package import Domain
import Glibc

/// Looks how much room is left for the data.
package struct DiskProbe: HealthProbe {
    /// Below this, new work soon finds no room.
    package static let low: Int64 = 1 << 30

    private let folder: String
    private let floor: Int64

    /// A look at the disk of `folder`, on which new work leaves `floor` bytes alone.
    package init(folder: String, floor: Int64) {
        self.folder = folder
        self.floor = floor
    }

    /// The bytes that are free for us on the disk of `folder`; nil when nobody can say.
    package static func freeBytes(in folder: String) -> Int64? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    package func check() async -> ComponentHealth {
        guard let free = Self.freeBytes(in: folder) else {
            return ComponentHealth(
                name: "disk", level: .unhealthy, detail: "the data folder cannot be reached",
                isEssential: true)
        }
        let level: HealthLevel =
            free < floor ? .unhealthy : free < max(Self.low, floor + floor / 2) ? .degraded : .healthy
        return ComponentHealth(
            name: "disk", level: level,
            detail: "\(free >> 20) MiB free" + (free < floor ? ", too little for new work" : ""),
            isEssential: true,
            measurements: [
                HealthMeasurement("free_bytes", Double(free), .bytes),
                HealthMeasurement("reserve_bytes", Double(floor), .bytes),
            ])
    }
}

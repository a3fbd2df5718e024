import Application
package import Domain
import Glibc

/// Looks how many of the descriptors that this process may have are open.
package struct DescriptorProbe: HealthProbe {
    /// From this share of the limit on it is degraded.
    package static let high = 0.9

    /// A look at this process.
    package init() {}

    package func check() async -> ComponentHealth {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0, let count = Self.open
        else {
            return ComponentHealth(
                name: "descriptors", level: .unknown, detail: "the kernel does not tell", isEssential: false)
        }
        let share = Double(count) / Double(max(1, limits.rlim_cur))
        return ComponentHealth(
            name: "descriptors", level: share >= Self.high ? .degraded : .healthy,
            detail: "\(count) of \(limits.rlim_cur) open", isEssential: false,
            measurements: [
                HealthMeasurement("open", Double(count), .count),
                HealthMeasurement("used_ratio", share, .ratio),
            ])
    }

    /// How many are open; the kernel tells it as the size of the folder since 6.2, and before that they are counted.
    private static var open: Int? {
        var status = stat()
        if stat("/proc/self/fd", &status) == 0, status.st_size > 0 { return Int(status.st_size) }
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Not counted are the folder itself, its parent, and the descriptor of this look.
        return max(0, count - 3)
    }
}

import Application
package import Domain
import Glibc

/// Looks how much of the memory that this process may use it holds.
package struct MemoryProbe: HealthProbe {
    /// From this share of the limit on it is degraded; the kernel ends the process at 1.
    package static let high = 0.8

    private let root: String

    /// A look at this process.
    ///
    /// - Parameter root: Where `/proc` and `/sys` are: nothing but in tests.
    package init(root: String = "") {
        self.root = root
    }

    package func check() async -> ComponentHealth {
        guard let statm = ProcFile.text("\(root)/proc/self/statm"),
            let pages = statm.split(separator: " ").dropFirst().first.flatMap({ Int64($0) }),
            let limit = limit
        else {
            return ComponentHealth(
                name: "memory", level: .unknown, detail: "the kernel does not tell", isEssential: false)
        }
        let resident = pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
        let share = Double(resident) / Double(limit)
        return ComponentHealth(
            name: "memory", level: share >= Self.high ? .degraded : .healthy,
            detail: "\(resident >> 20) of \(limit >> 20) MiB resident", isEssential: false,
            measurements: [
                HealthMeasurement("resident_bytes", Double(resident), .bytes),
                HealthMeasurement("limit_bytes", Double(limit), .bytes),
                HealthMeasurement("used_ratio", share, .ratio),
            ])
    }

    /// What the control group allows, or what the machine has.
    private var limit: Int64? {
        let machine = ProcFile.text("\(root)/proc/meminfo").flatMap { ProcFile.number("MemTotal", in: $0) }
        return [ControlGroup(root: root).memoryLimit, machine.map { $0 * 1024 }].compactMap { $0 }
            .filter { $0 > 0 }.min()
    }
}

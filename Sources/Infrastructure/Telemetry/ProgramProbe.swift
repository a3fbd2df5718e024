import Application
package import Domain
import Glibc

/// Looks whether a program that Cutroom runs is on this machine, and how old its file is; it is never run for that.
package struct ProgramProbe: HealthProbe {
    private let name: String
    private let program: String
    private let purpose: String
    private let isEssential: Bool
    private let mostAge: Duration?

    /// A look for the program `name`.
    ///
    /// - Parameters:
    ///   - program: Its path, where it is not found by its name.
    ///   - purpose: What cannot be done without it.
    ///   - mostAge: From which age of its file on it is degraded, since what it talks to changes; nil for never.
    package init(
        name: String, program: String? = nil, purpose: String, isEssential: Bool, mostAge: Duration? = nil
    ) {
        self.name = name
        self.program = program ?? name
        self.purpose = purpose
        self.isEssential = isEssential
        self.mostAge = mostAge
    }

    package func check() async -> ComponentHealth {
        guard let path = ChildProcesses.find(program) else {
            // A program that nobody needs is not missed: an installation without it is whole.
            return ComponentHealth(
                name: name, level: isEssential ? .unhealthy : .healthy, detail: "not installed: \(purpose)",
                isEssential: isEssential)
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            return ComponentHealth(name: name, level: .healthy, detail: path, isEssential: isEssential)
        }
        let age = Duration.seconds(max(0, time(nil) - status.st_mtim.tv_sec))
        let isOld = mostAge.map { age > $0 } ?? false
        let days = Int(age.inSeconds / 86_400)
        return ComponentHealth(
            name: name, level: isOld ? .degraded : .healthy,
            detail: isOld ? "\(path) is \(days) days old: get a newer one" : path, isEssential: isEssential,
            measurements: [HealthMeasurement("age_seconds", age.inSeconds, .seconds)])
    }
}

import Application
package import Domain

/// Looks whether a program that Cutroom runs is on this machine.
package struct ProgramProbe: HealthProbe {
    private let name: String
    private let purpose: String
    private let isEssential: Bool

    /// A look for the program `name`.
    ///
    /// - Parameter purpose: What cannot be done without it.
    package init(name: String, purpose: String, isEssential: Bool) {
        self.name = name
        self.purpose = purpose
        self.isEssential = isEssential
    }

    package func check() async -> ComponentHealth {
        let path = ChildProcesses.find(name)
        // A program that nobody needs is not missed: an installation without it is whole.
        return ComponentHealth(
            name: name, level: path == nil && isEssential ? .unhealthy : .healthy,
            detail: path ?? "not installed: \(purpose)", isEssential: isEssential)
    }
}

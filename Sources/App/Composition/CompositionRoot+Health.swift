import Application
import Domain
import Infrastructure
import Presentation

extension CompositionRoot {
    /// How much of the disk is kept for what has begun.
    var diskBudget: DiskBudget {
        DiskBudget(folder: data.path, reserve: configuration[Settings.diskReserve])
    }

    /// What the API tells of the health of this process; nothing is looked at before the monitor runs.
    ///
    /// The services that are called are those that are known by now.
    ///
    /// - Parameters:
    ///   - runner: What runs the parts of this process.
    ///   - keeper: Keeps the configuration.
    func health(over runner: ComponentRunner, keeper: ConfigurationKeeper) -> HealthCapabilities {
        let pace = HealthPace(period: .seconds(configuration[Settings.healthPeriod]))
        let monitor = HealthMonitor(
            healthChecks(at: pace, over: runner, keeper), windows: configuration[Settings.maintenance],
            clock: clock,
            random: random, steady: SystemClock.steadyTime, log: log)
        return HealthCapabilities(
            monitor: monitor, pace: pace, groups: configuration[Settings.healthGroups])
    }

    private func healthChecks(
        at pace: HealthPace, over runner: ComponentRunner, _ keeper: ConfigurationKeeper
    ) -> [HealthCheck] {
        // What is looked up tells the truth the first time; only what is tried can be odd once.
        let certain = HealthPace(period: pace.period, thresholds: .none)
        let parts: [HealthCheck?] = [
            HealthCheck(
                "store", "keeps everything", needs: [("disk", .optional)], isCritical: true,
                probe: StoreProbe(store: store), pace: pace),
            HealthCheck(
                "disk", "has room for sources and clips", isCritical: true,
                probe: DiskProbe(folder: data.path, floor: diskBudget.reserve), pace: certain),
            HealthCheck(
                "queue", "lets jobs wait for workers", needs: [("store", .required)],
                probe: QueueProbe(store: store, clock: clock), pace: certain),
            HealthCheck("memory", "holds what is worked on", probe: MemoryProbe(), pace: pace),
            HealthCheck("cpu", "does the work", probe: CPUProbe(), pace: pace),
            HealthCheck(
                "descriptors", "hold connections and files", probe: DescriptorProbe(), pace: certain),
            HealthCheck("clock", "tells the time", probe: ClockProbe(), pace: certain),
            HealthCheck(
                "configuration", "says how everything is set", probe: ConfigurationProbe(keeper),
                pace: certain),
            HealthCheck(
                "components", "run as they should", isCritical: true, probe: ComponentsProbe(runner: runner),
                pace: certain),
        ]
        let programs = Requirement.programs.map { program in
            HealthCheck(
                program.name, program.purpose, isCritical: program.isEssential,
                probe: ProgramProbe(program, ytDlp: configuration[Settings.ytDlp]), pace: certain)
        }
        let services = upstreams.all.map {
            HealthCheck($0.name, "is called for a part of the work", probe: $0, pace: certain)
        }
        return (parts + programs + services).compactMap(\.self)
    }
}

extension HealthCheck {
    /// A part of this program or machine; nil when its name is none.
    fileprivate init?(
        _ name: String, _ summary: String, needs: [(name: String, kind: ComponentDependency.Kind)] = [],
        isCritical: Bool = false, probe: any HealthProbe, pace: HealthPace
    ) {
        guard let name = ComponentName(name) else { return nil }
        let dependencies = needs.compactMap { need in
            ComponentName(need.name).map { ComponentDependency($0, need.kind) }
        }
        self.init(
            ComponentDescription(
                name, version: Program.version, summary: summary, dependencies: dependencies,
                isCritical: isCritical), probe: probe, pace: pace)
    }
}

extension ProgramProbe {
    /// Pages change every few weeks, and a yt-dlp that is older than this knows few of them.
    private static let mostAgeOfYtDlp = Duration.seconds(120 * 86_400)

    /// A look for a program that is run.
    init(_ program: Requirement, ytDlp: String) {
        let isYtDlp = program.name == "yt-dlp"
        self.init(
            name: program.name, program: isYtDlp ? ytDlp : nil, purpose: program.purpose,
            isEssential: program.isEssential, mostAge: isYtDlp ? Self.mostAgeOfYtDlp : nil)
    }
}

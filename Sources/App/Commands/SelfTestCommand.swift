import Application
import Domain
import Infrastructure
import Presentation

extension Command {
    /// `cutroom selftest`: whether the defences work, and whether anything is missing.
    static let selfTest = Command(
        words: ["selftest"],
        summary: "Holds attacks and ordinary requests against the screen, and looks for what is missing.",
        options: [Settings.json.declaration],
        takesServiceSettings: true,
        examples: [
            Example(line: "cutroom selftest", summary: "ends with 1 unless all is well"),
            Example(line: "cutroom selftest --json", summary: "for programs"),
        ]
    ) { invocation in
        let findings = await Examination(invocation).findings()
        let verdict = SelfTestVerdict(trial: ThreatTrial(), parts: findings.map(ComponentHealth.init))
        if invocation.configuration[Settings.json] {
            invocation.output.writeDocument(WireDocument.selfTest(verdict))
        } else {
            show(verdict, on: invocation.output)
        }
        return verdict.isPassed ? .done : .failed
    }

    private static func show(_ verdict: SelfTestVerdict, on terminal: Terminal) {
        let trial = verdict.trial
        func percent(_ rate: Double) -> String { "\((rate * 1000).rounded() / 10) %" }
        terminal.writeLine("attacks    \(trial.attacks) tried, \(percent(trial.detectionRate)) found")
        for line in trial.missed { terminal.writeLine("  missed   \(line)") }
        terminal.writeLine(
            "ordinary   \(trial.ordinary) tried, \(percent(trial.falsePositiveRate)) taken for attacks")
        for line in trial.mistaken { terminal.writeLine("  mistaken \(line)") }
        let missing = verdict.missing
        terminal.writeLine(
            "needs      \(verdict.parts.count) looked at, \(missing.count) essential missing")
        for part in missing { terminal.writeLine("  missing  \(part.name): \(part.detail)") }
        let isPassed = verdict.isPassed
        terminal.writeLine(terminal.styled(isPassed ? "passed" : "failed", .bold, isPassed ? .green : .red))
    }
}

extension ComponentHealth {
    /// What was found out about a requirement, as health tells it.
    fileprivate init(_ finding: Finding) {
        let level: HealthLevel = finding.isFound ? .healthy : finding.isEssential ? .unhealthy : .degraded
        self.init(
            name: finding.name, level: level,
            detail: finding.isFound ? finding.detail : "\(finding.purpose): \(finding.remedy)",
            isEssential: finding.isEssential)
    }
}

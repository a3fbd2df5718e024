import Application
import Presentation

extension Settings {
    static let threats = Setting.choice(
        "threats", default: ThreatMode.off,
        "What is done about requests that look like attacks: nothing, tell of them in the log, or refuse them "
            + "and ban who goes on"
    )

    static let threatSettings: [SettingDeclaration] = [threats.declaration]
}

extension CompositionRoot {
    /// Looks at requests for attacks, writes them into the log and tells the watch; nil where nobody asked for it.
    var threats: ThreatScreen? {
        ThreatScreen(configuration[Settings.threats]) { [log, watch] exchange, assessment, isRefused in
            watch.record(Sighting(exchange, assessment, isRefused: isRefused))
            log.write(
                .warning, "request looks like an attack",
                [
                    "method": .text(exchange.request.methodToken), "path": .text(exchange.request.path),
                    "client": .text("\(exchange.request.client)"),
                    "rules": .text(assessment.rules.joined(separator: ",")),
                    "score": .integer(Int64(assessment.score)),
                    "action": .text(isRefused ? "refused" : "served"),
                    "trace_id": .text(exchange.trace.traceID),
                ])
        }
    }
}

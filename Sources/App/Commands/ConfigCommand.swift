import FoundationEssentials
import Presentation

extension Command {
    /// `cutroom config`: each setting's value and where it came from.
    static let config = Command(
        words: ["config"],
        summary: "Shows each setting, its value and where that came from; secrets are masked.",
        options: [Settings.json.declaration],
        takesServiceSettings: true,
        examples: [
            Example(line: "cutroom config", summary: "what holds here"),
            Example(line: "cutroom config --config cutroom.json", summary: "what would hold with that file"),
            Example(line: "cutroom config --json", summary: "for programs"),
        ]
    ) { invocation in
        let configuration = try invocation.administeredConfiguration()
        if configuration[Settings.json] {
            try invocation.output.writeJSON(configuration.entries.map(SettingOutput.init))
            return .done
        }
        var table = TextTable(columns: [
            .init("setting"), .init("value", yields: true), .init("from"), .init("what for", yields: true),
        ])
        for entry in configuration.entries {
            table.add([entry.declaration.name, entry.shown, entry.origin.text, entry.declaration.summary])
        }
        let width = invocation.output.isInteractive ? invocation.output.width : .max / 2
        for line in table.lines(width: width, for: invocation.output) { invocation.output.writeLine(line) }
        return .done
    }
}

private struct SettingOutput: Encodable {
    let name: String
    let value: String?
    let origin: String
    let flag: String
    let variable: String
    let takes: String
    let summary: String

    init(_ entry: Configuration.Entry) {
        name = entry.declaration.name
        value = entry.values.isEmpty ? nil : entry.shown
        origin = entry.origin.text
        flag = entry.declaration.flag
        variable = entry.declaration.variable
        takes = entry.declaration.form
        summary = entry.declaration.summary
    }
}

extension Terminal {
    /// Writes a value as JSON, indented, with its keys in order.
    func writeJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        writeLine(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

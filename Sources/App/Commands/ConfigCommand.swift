import Application
import FoundationEssentials
import Presentation

extension Command {
    /// `cutroom config`: each setting's value and where it came from.
    static let config = Command(
        words: ["config"],
        summary: "Shows each setting, its value and where that came from; secrets are masked.",
        options: [Settings.json.declaration, Settings.reference.declaration],
        takesServiceSettings: true,
        examples: [
            Example(line: "cutroom config", summary: "what holds here"),
            Example(line: "cutroom config --config cutroom.json", summary: "what would hold with that file"),
            Example(line: "cutroom config --json", summary: "for programs"),
            Example(line: "cutroom config --reference", summary: "every setting there is, as a page"),
        ]
    ) { invocation in
        if invocation.configuration[Settings.reference] {
            invocation.output.write(ConfigurationReference().text)
            return .done
        }
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

    /// `cutroom config get`: one value, for scripts.
    static let getConfig = Command(
        words: ["config", "get"],
        summary: "Prints the value of one setting; of a secret only that it is one.",
        arguments: [Argument(name: "SETTING", summary: "its name, such as upload_limit")],
        options: [Settings.json.declaration], takesServiceSettings: true,
        examples: [Example(line: "cutroom config get port", summary: "8080")]
    ) { invocation in
        let name = invocation.arguments[0]
        let configuration = try invocation.administeredConfiguration()
        guard let entry = configuration.effective.setting(named: name) else {
            let hint = suggestion(for: name, among: Settings.all.map(\.name))
            throw CommandFailure(
                line: "unknown setting \(name)" + (hint.map { "; did you mean \($0)?" } ?? ""),
                status: .wrongUsage)
        }
        if configuration[Settings.json] {
            try invocation.output.writeJSON(SettingOutput(entry))
        } else {
            invocation.output.writeLine(entry.shown)
        }
        return .done
    }

    /// `cutroom config check`: whether a file can be used, before a server is told to.
    static let checkConfig = Command(
        words: ["config", "check"],
        summary: "Tells whether a configuration file can be used; unknown names are faults, too.",
        arguments: [Argument(name: "FILE", summary: "the file")],
        takesServiceSettings: true,
        examples: [
            Example(line: "cutroom config check /etc/cutroom.json", summary: "ends with 2 if it cannot")
        ]
    ) { invocation in
        let path = invocation.arguments[0]
        let configuration = try invocation.configuration(readingFile: path)
        try configuration.requireUsable()
        let count = configuration.entries.count { entry in
            if case .file = entry.origin { true } else { false }
        }
        invocation.output.writeLine("\(path) can be used: it sets \(count) settings")
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

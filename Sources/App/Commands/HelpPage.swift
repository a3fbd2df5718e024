import Application
import Presentation

/// The help of the program, of a group of commands, or of one.
struct HelpPage: Sendable {
    /// All commands.
    let commands: [Command]
    /// Where it is shown.
    let terminal: Terminal

    /// The page about the command with these words, about the group that begins with them, or about the
    /// whole program.
    func text(for words: [String]) -> String {
        if let command = commands.first(where: { $0.words == words }) { return page(about: command) }
        return overview(of: words.isEmpty ? commands : commands.filter { $0.words.starts(with: words) })
    }

    private func overview(of shown: [Command]) -> String {
        let rows = shown.map { ($0.synopsis, $0.summary) }
        var lines = ["Makes captioned clips of long videos, on this machine.", ""]
        lines += section("usage", [("cutroom COMMAND [OPTIONS]", "")])
        lines += section("commands", rows)
        if shown.count == commands.count {
            lines += section("options of every command", Settings.general.map(optionRow))
        }
        lines += ["`cutroom COMMAND --help` has the options of a command, and examples.", ""]
        return lines.joined(separator: "\n")
    }

    private func page(about command: Command) -> String {
        var lines = [command.summary, ""]
        let flags = command.options.isEmpty ? "" : " [OPTIONS]"
        lines += section("usage", [("cutroom \(command.synopsis)\(flags)", "")])
        lines += section("arguments", command.arguments.map { ($0.name, $0.summary) })
        lines += section("options", (command.options + Settings.general).map(optionRow))
        lines.append(terminal.styled("examples", .bold))
        for example in command.examples {
            lines += ["  " + terminal.styled("# " + example.summary, .dim), "  " + example.line]
        }
        lines.append("")
        let all =
            command.takesServiceSettings
            ? "Every setting of the service is a flag here too, such as --upload-limit: see `cutroom config`. "
            : ""
        lines += ["\(all)Each flag has its variable: --log-level is CUTROOM_LOG_LEVEL.", ""]
        return lines.joined(separator: "\n")
    }

    private func section(_ title: String, _ rows: [(String, String)]) -> [String] {
        guard !rows.isEmpty else { return [] }
        let width = rows.reduce(0) { max($0, $1.0.displayWidth) }
        let body = rows.map { row in
            row.1.isEmpty ? "  " + row.0 : "  " + row.0.padded(to: width) + "  " + row.1
        }
        return [terminal.styled(title, .bold)] + body + [""]
    }

    private func optionRow(_ setting: SettingDeclaration) -> (String, String) {
        let flag = setting.isSwitch ? setting.flag : "\(setting.flag) \(setting.form)"
        let fallback =
            setting.isSwitch || setting.fallback.isEmpty
            ? "" : " [\(setting.fallback.joined(separator: ","))]"
        return (flag, setting.summary + fallback)
    }
}

extension Command {
    /// Its words and arguments, as help shows them.
    var synopsis: String {
        (words + arguments.map { $0.isOptional ? "[\($0.name)]" : $0.name }).joined(separator: " ")
    }
}

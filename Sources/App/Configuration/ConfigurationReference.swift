import Application

/// The reference page of all settings, made from their declarations: `Docs/configuration.md` is just this.
struct ConfigurationReference: Sendable {
    /// Parts of the page, each with what it lists.
    private static let parts: [(title: String, settings: [SettingDeclaration])] = [
        ("What every command takes", Settings.general), ("The service", Settings.service),
        ("What a person orders", Settings.order),
        (
            "Single commands",
            Settings.all.filter { setting in
                !(Settings.general + Settings.service + Settings.order).contains { $0.name == setting.name }
            }
        ),
    ]

    /// The page as Markdown.
    var text: String {
        var lines = [
            "# Configuration", "",
            "<!-- Made by `cutroom config --reference`: change the declarations in Sources/App/Configuration. -->",
            "",
            "Every setting has one name. `upload_limit` is `--upload-limit` on the command line, `CUTROOM_UPLOAD_LIMIT`",
            "in the environment and `upload_limit` in the file that `config` names; what comes first in this list holds:",
            "",
            "1. a flag",
            "2. what was set while the server ran, where it is to come before the environment "
                + "(`PATCH /api/v1/operations/config` always is)",
            "3. the environment", "4. the file of the profile", "5. the configuration file",
            "6. anything else that was set while the server ran", "7. the default", "",
            "*secret* values are never shown, and may be kept in a file of their own: `${file:/run/secrets/chat_key}`.",
            "A value that can be set while the server runs holds *now* or from the next *restart* on; one that holds now",
            "is taken from a changed file too.",
        ]
        for part in Self.parts {
            lines += [
                "", "## \(part.title)", "", "| setting | takes | default | | what for |",
                "|---|---|---|---|---|",
            ]
            lines += part.settings.map(Self.row)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ setting: SettingDeclaration) -> String {
        let notes =
            (setting.secret == .nothing ? [] : ["secret"]) + (setting.isList ? ["list"] : [])
            + (setting.adjustable.map { [$0.rawValue] } ?? [])
        let fallback = setting.fallback.joined(separator: ",")
        let cells = [
            "`\(setting.name)`", cell("\(setting.form)"), fallback.isEmpty ? "" : cell("`\(fallback)`"),
            notes.joined(separator: ", "), cell(setting.summary),
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    /// A bar in a cell would end it.
    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}

internal import Application
internal import Domain

/// Whether settings could be changed in some way.
struct ConfigurationVerdict: Sendable {
    /// What is to be set; nil for what is to be taken back.
    let patch: [String: String?]
    /// What is wrong with it, by name.
    let refusals: [String: String]
}

/// How the configuration stands on the wire: never with a secret.
enum ConfigurationWire {
    static let report = JSONOutput<ConfigurationReport>.object(
        "Configuration", "The configuration that holds.",
        [
            JSONField("service", .text, "Whose it is.", example: "cutroom") { _ in "cutroom" },
            JSONField("config", values, "The values by name; those of secrets are left out.") {
                $0.configuration.settings.filter(\.isPublic)
            },
            JSONField("version", .count, "The newest revision; 0 while nothing was ever changed.") {
                $0.version
            },
            JSONField("checksum", .text, "Tells it from others.") { $0.checksum },
            JSONField("schema", schema, "What there is to set.") { $0.configuration.settings },
            JSONField("provenance", provenance, "Where each value comes from, by name.") {
                $0.configuration.settings
            },
            JSONField(
                "restart_needed", .list(of: .text),
                "The settings that have another value than the server was started with, and wait for its next start."
            ) { $0.waiting },
            JSONField("timestamp", .moment, "When it was looked at.") { $0.at },
        ])

    static let outcome = JSONOutput<ConfigurationOutcome>.object(
        "ConfigurationChange", "What was changed.",
        [
            JSONField("success", .truth, "Always true.") { _ in true },
            JSONField("message", .text, "What came of it, for people.") { outcome in
                if outcome.changes.isEmpty { return "Nothing has changed." }
                let names = outcome.changes.map(\.name).joined(separator: ", ")
                return outcome.report.waiting.isEmpty
                    ? "Changed: \(names)." : "Changed: \(names). Some of it holds from the next start on."
            },
            JSONField("version", .count, "The revision that holds now.") { $0.report.version },
            JSONField("changes", changes, "What is different, by name; secrets are masked.") { $0.changes },
            JSONField("restart_needed", .list(of: .text), "What waits for the next start.") {
                $0.report.waiting
            },
            JSONField("timestamp", .moment, "When it was changed.") { $0.at },
        ])

    static let history = JSONOutput<[ConfigurationRevision]>.list(
        of: .object(
            "ConfigurationRevision", "One state of the configuration.",
            [
                JSONField("version", .count, "Its number.") { $0.number },
                JSONField("checksum", .text, "Tells it from others.") { $0.checksum },
                JSONField("author", .nullable(.identifier()), "Who did it; null for the server itself.") {
                    $0.author
                },
                JSONField("cause", .name, "What brought it about.", example: "change") { $0.cause },
                JSONField("changes", changes, "What was different, by name; secrets are masked.") {
                    $0.changes
                },
                JSONField("service", .text, "Whose it is.") { _ in "cutroom" },
                JSONField("timestamp", .moment, "When it came about.") { $0.at },
            ]))

    static let verdict = JSONOutput<ConfigurationVerdict>.object(
        "ConfigurationVerdict", "Whether settings could be changed so.",
        [
            JSONField("valid", .truth, "Whether they could.") { $0.refusals.isEmpty },
            JSONField("message", .text, "The same, for people.") { verdict in
                verdict.refusals.isEmpty
                    ? "It can be set." : ConfigurationRefusal.unusable(verdict.refusals).explanation
            },
            .optional(
                "validated_config", names, "The settings that would be changed; left out where none would."
            ) {
                $0.refusals.isEmpty ? $0.patch.keys.sorted() : nil
            },
            .optional("errors", .list(of: fault), "What is wrong; left out where nothing is.") { verdict in
                verdict.refusals.isEmpty ? nil : verdict.refusals.sorted { $0.key < $1.key }
            },
        ])

    static let export = JSONOutput<ConfigurationExport>.object(
        "ConfigurationExport", "What was set while the server ran.",
        [
            JSONField("service", .text, "Whose it is.") { _ in "cutroom" },
            JSONField("version", .count, "The revision that held.") { $0.report.version },
            JSONField("checksum", .text, "Tells it from others.") { $0.report.checksum },
            JSONField("settings", texts, "The values as text, by name.") { $0.values },
            JSONField("timestamp", .moment, "When it was handed out.") { $0.report.at },
        ])

    private static let names = JSONOutput<[String]>.list(of: .text)

    private static let fault = JSONOutput<(key: String, value: String)>.object(
        "ConfigurationFault", "What is wrong with one value.",
        [
            JSONField("name", .text, "The setting.") { $0.key },
            JSONField("message", .text, "What is wrong.") { $0.value },
        ])

    private static let texts = JSONOutput<[(name: String, text: String)]>(.map(of: .string())) {
        values, writer in
        writer.beginObject()
        for value in values {
            writer.key(named: value.name)
            writer.string(value.text)
        }
        writer.endObject()
    }

    private static let changes = map(
        of: JSONOutput<SettingChange>.object(
            "SettingChange", "What one setting was and what it became.",
            [
                JSONField("old_value", .nullable(.text), "The value before, a secret masked.") { $0.old },
                JSONField("new_value", .nullable(.text), "The value now, a secret masked.") { $0.new },
                JSONField("change_type", .name, "What happened.", example: "modified") { $0.kind },
            ]), by: \.name)

    private static let provenance = map(
        of: JSONOutput<EffectiveSetting>.object(
            "SettingProvenance", "Where a value comes from.",
            [
                JSONField("source", .name, "The kind of place.", example: "environment") { $0.origin.source },
                JSONField("place", .text, "The variable, the file …", example: "CUTROOM_PORT") {
                    $0.origin.text
                },
                JSONField("is_set", .truth, "Whether there is a value.") { !$0.values.isEmpty },
            ]), by: \.declaration.name)

    private static let schema = JSONOutput<[EffectiveSetting]>.object(
        "ConfigurationSchema", "What there is to set.",
        [
            JSONField("schema_defined", .truth, "Always true.") { _ in true },
            JSONField("model_name", .text, "What it is called.") { _ in "Settings" },
            JSONField("fields", .list(of: field), "The settings.") { $0.map(\.declaration) },
            JSONField("required_fields", names, "Those that have to be set: none, since each has a default.")
            { _ in
                []
            },
        ])

    private static let field = JSONOutput<SettingDeclaration>.object(
        "SettingSchema", "One setting.",
        [
            JSONField("name", .text, "What it is called.", example: "upload_limit") { $0.name },
            JSONField("description", .text, "What it is for.") { $0.summary },
            JSONField("type", .name, "What its values are.", example: "bytes") { $0.shape.kind },
            JSONField("takes", .text, "The same, for people.") { $0.form },
            .optional("minimum", number, "The least that is taken.") { $0.shape.range?.lowerBound },
            .optional("maximum", number, "The greatest that is taken.") { $0.shape.range?.upperBound },
            .optional("unit", .text, "What a number counts.") { $0.shape.unit },
            .optional("choices", names, "The texts that are taken.") {
                $0.shape.choices.isEmpty ? nil : $0.shape.choices
            },
            JSONField("default", .nullable(.text), "The value when nobody sets it.") {
                $0.fallback.isEmpty ? nil : $0.fallback.joined(separator: ",")
            },
            JSONField("list", .truth, "Whether it takes several values.") { $0.isList },
            JSONField("secret", .name, "What of its value is never shown.", example: "nothing") { $0.secret },
            JSONField("adjustable", .truth, "Whether it can be changed while the server runs.") {
                $0.adjustable != nil
            },
            JSONField("reloadable", .truth, "Whether a changed value holds without a new start.") {
                $0.isReloadable
            },
        ])

    private static let number = JSONOutput<Double>(.number(nil, nil)) { $1.number($0) }

    private static func map<Element>(
        of element: JSONOutput<Element>, by name: @escaping @Sendable (Element) -> String
    ) -> JSONOutput<[Element]> {
        let write = element.write
        return JSONOutput<[Element]>(.map(of: element.schema)) { elements, writer in
            writer.beginObject()
            for element in elements {
                writer.key(named: name(element))
                write(element, &writer)
            }
            writer.endObject()
        }
    }

    /// The values as what they are: numbers, true and false, lists, texts, null for what is not set.
    private static let values = JSONOutput<[EffectiveSetting]>(
        .map(of: .any("string", "number", "boolean", "array", "null"))
    ) { settings, writer in
        writer.beginObject()
        for setting in settings {
            writer.key(named: setting.declaration.name)
            writer.value(setting.json)
        }
        writer.endObject()
    }
}

extension EffectiveSetting {
    /// The value as JSON; to be asked for only where it may be seen.
    fileprivate var json: JSONValue {
        if declaration.isList { return .array(values.map { .string($0) }) }
        guard let text = values.last else { return nil }
        switch declaration.shape.kind {
        case .integer: return Int64(text).map { .integer($0) } ?? .string(text)
        case .number: return Double(text).map { .number($0) } ?? .string(text)
        case .boolean: return .bool(["true", "1", "yes", "on"].contains(text.lowercased()))
        case .text, .bytes, .duration, .choice, .address: return .string(text)
        }
    }
}

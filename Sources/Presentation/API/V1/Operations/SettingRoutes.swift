internal import Application
internal import Domain

/// Changing settings while the server runs.
struct SettingRoutes: Sendable {
    private let can: AdminCapabilities
    private let administrators: Access<Caller>

    init(_ capabilities: AdminCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>) {
        can = capabilities
        administrators = callers(.admin)
    }

    var all: [Route] { [list, show, put, clear] }

    private static let name = Parameter<String>.path(
        "name", .string(length: 1...64, pattern: "^[a-z0-9_]+$"), "The setting.", example: "sign_up"
    ) { $0 }
    private static let setting = [ResponseDeclaration.json(.ok, "The setting.", SettingWire.setting)]

    private var list: Route {
        Route(
            .get, "/api/v1/admin/settings", for: administrators,
            Operation(
                "listSettings", tag: "admin", "List the settings that can be changed while the server runs",
                doc: "Where their values come from, and why; never the values.",
                responses: [
                    .json(
                        .ok, "The settings.", SettingWire.list,
                        links: ["getSetting", "putSetting", "clearSetting"].map {
                            Link(to: $0, [("name", "$response.body#/0/name")])
                        })
                ])
        ) { _, caller in
            .json(.ok, SettingWire.list, try can.listSettings(by: caller), capacity: 16_384)
        }
    }

    private var show: Route {
        Route(
            .get, "/api/v1/admin/settings/{name}", for: administrators,
            Operation(
                "getSetting", tag: "admin", "Show where the value of a setting comes from",
                responses: Self.setting),
            Self.name
        ) { _, caller, name in
            .json(.ok, SettingWire.setting, try can.listSettings(name, by: caller))
        }
    }

    private var put: Route {
        Route(
            .put, "/api/v1/admin/settings/{name}", for: administrators,
            Operation(
                "putSetting", tag: "admin", "Set a value",
                doc: """
                    It is kept sealed, and never answered. A flag of the command line comes before it; so do the \
                    environment and the configuration file, unless it overrides them.
                    """,
                responses: Self.setting),
            Self.name, json: SettingWire.change
        ) { call, caller, _, change, name in
            let status = try await AdminRoutes.acting {
                try await can.changeSetting(
                    name, to: change.value, overriding: change.overrides, by: caller, from: call.origin)
            }
            return .json(.ok, SettingWire.setting, status)
        }
    }

    private var clear: Route {
        Route(
            .delete, "/api/v1/admin/settings/{name}", for: administrators,
            Operation(
                "clearSetting", tag: "admin", "Forget the value that was set", responses: Self.setting),
            Self.name
        ) { call, caller, name in
            .json(.ok, SettingWire.setting, try await can.clearSetting(name, by: caller, from: call.origin))
        }
    }
}

/// How settings stand on the wire: everything but their values.
enum SettingWire {
    static let setting = JSONOutput<SettingStatus>.object(
        "Setting", "A setting, and where its value comes from.",
        [
            JSONField("name", .text, "What it is called.", example: "sign_up") { $0.setting.name },
            JSONField("description", .text, "What it is for.") { $0.setting.summary },
            JSONField("takes", .text, "What a value is.", example: "open|closed|invitation") {
                $0.setting.form
            },
            JSONField("source", .name, "Where the value comes from that holds.", example: "admin") {
                $0.source
            },
            JSONField("reason", .text, "Why that one holds.") { $0.reason },
            JSONField(
                "applies", .name,
                "When a changed value holds: now, or from the next start of each process on.",
                example: "now"
            ) { $0.setting.effect },
            JSONField("is_set", .truth, "Whether an administrator has set it.") { $0.isSet },
            JSONField(
                "overrides", .truth,
                "Whether the administrator's value comes before the environment and the configuration file."
            ) { $0.overrides },
            JSONField("changed_at", .nullable(.moment), "When it was set.") { $0.changedAt },
            JSONField("changed_by", .nullable(.identifier()), "Who set it.") { $0.changedBy },
        ])

    static let list = JSONOutput<[SettingStatus]>.list(of: setting)

    static let change: JSONInput<(value: String, overrides: Bool)> = .object(
        "SettingInput", "A value to be set.",
        JSONInputField<String>.required(
            "value", SingleLine.input(1...4096),
            "The value as a variable of the environment has it: commas separate those of a list.",
            example: "invitation"),
        JSONInputField<Bool>.optional(
            "overrides", .truth, "Whether it comes before the environment and the configuration file.",
            meaning: false)
    ) { value, overrides throws(Faults) in (value, overrides) }
}

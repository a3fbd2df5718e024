internal import Application
internal import Domain

/// How preferences stand on the wire, in the words of an order's options.
enum PreferencesWire {
    static let preferences = JSONOutput<Preferences>.object(
        "Preferences", "How a user wants clips where an order leaves it out.",
        [
            JSONField(
                "formats", .list(of: .name, 1...ClipFormat.allCases.count), "The shapes to render.",
                example: ["vertical"]
            ) { $0.formats },
            JSONField("captions", CaptionsWire.output, "How captions look.") {
                ($0.captionTemplate, $0.captionChanges)
            },
            JSONField("notify", .truth, "Whether a letter tells that a task has ended.", example: false) {
                $0.notifiesByMail
            },
        ])

    /// What `PATCH` takes: only what is there is changed.
    static func patch(templates: [String]) -> JSONInput<PreferencesEdit> {
        let captions = CaptionsWire.input("CaptionsPatch", templates: templates, absence: "stays")
        return .object(
            "PreferencesPatch", "What is changed; what is missing stays.",
            JSONInputField<[ClipFormat]?>.optional(
                "formats",
                .present(.list(of: .name, count: 1...ClipFormat.allCases.count, unique: true)),
                "The shapes to render.", example: ["vertical", "square"], default: nil),
            JSONInputField<CaptionsWire.Wish>.optional(
                "captions", captions, "How captions look.", default: .nothing),
            JSONInputField<Bool?>.optional(
                "notify", .present(.truth), "Whether a letter tells that a task has ended.", example: true,
                default: nil)
        ) { formats, captions, notify throws(Faults) in
            var edit = PreferencesEdit()
            edit.formats = formats
            edit.captionTemplate = captions.template
            edit.captionFont = captions.font
            edit.captionSize = captions.size
            edit.captionColour = captions.colour
            edit.notifiesByMail = notify
            return edit
        }
    }
}

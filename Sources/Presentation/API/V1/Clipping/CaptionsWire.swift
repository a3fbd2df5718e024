internal import Domain

/// How the look of captions stands on the wire, in orders, tasks and preferences.
enum CaptionsWire {
    /// What somebody says about captions, and what not: nil was left out.
    struct Wish: Sendable {
        var template: String??
        var font: String??
        var size: Double??
        var colour: CaptionTemplate.Colour??

        /// Nothing is said.
        static let nothing = Wish()
        /// There are to be no captions, whatever else is preferred.
        static let none = Wish(template: .some(nil), font: .some(nil), size: .some(nil), colour: .some(nil))
    }

    /// The look of captions: a template's name, nil for none, and what of it is otherwise.
    typealias Look = (template: String?, changes: CaptionChanges)

    static let output = JSONOutput<Look>.object(
        "Captions", "How captions look.",
        [
            JSONField(
                "template", .nullable(.text), "The caption template's name, null for no captions.",
                example: "default"
            ) { $0.template },
            JSONField("font", .nullable(.text), "The font family, null for the template's.") {
                $0.changes.font
            },
            JSONField(
                "size", .nullable(.number(CaptionChanges.sizeRange)),
                "The text's height as a part of the frame's shorter side, null for the template's."
            ) { $0.changes.size },
            JSONField(
                "color", .nullable(ColourWire.output), "The colour of the words, null for the template's."
            ) { $0.changes.colour },
        ])

    /// What is wanted; `templates` are the names of the caption templates that there are.
    ///
    /// - Parameter absence: What it means to leave a field out, for people.
    static func input(_ name: String, templates: [String], absence: String) -> JSONInput<Wish> {
        .object(
            name, "How captions look. What is left out \(absence).",
            JSONInputField<String??>.optional(
                "template", .present(.nullable(.text(oneOf: templates))),
                "The caption template's name, null for no captions.",
                example: templates.last.map { .string($0) }, default: nil),
            JSONInputField<String??>.optional(
                "font", .present(.nullable(SingleLine.input(CaptionChanges.fontLength))),
                "A font family of `/fonts`, null for the template's.", default: nil),
            JSONInputField<Double??>.optional(
                "size", .present(.nullable(.number(CaptionChanges.sizeRange))),
                "The text's height as a part of the frame's shorter side, null for the template's.",
                example: 0.08, default: nil),
            JSONInputField<CaptionTemplate.Colour??>.optional(
                "color", .present(.nullable(ColourWire.input)),
                "The colour of the words, null for the template's.", example: "#ffffff", default: nil)
        ) { template, font, size, colour throws(Faults) in
            Wish(template: template, font: font, size: size, colour: colour)
        }
    }
}

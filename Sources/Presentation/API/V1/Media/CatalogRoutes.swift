internal import Application
internal import Domain

/// What clips can look like.
struct CatalogRoutes: Sendable {
    private let can: Capabilities

    init(_ capabilities: Capabilities) {
        can = capabilities
    }

    var all: [Route] { [templates, fonts] }

    private var templates: Route {
        Route(
            .get, "/api/v1/caption-templates", for: can.callers(.tasksRead),
            Operation(
                "listCaptionTemplates", tag: "catalog", "List the caption templates",
                responses: [.json(.ok, "The templates.", CatalogWire.templates)])
        ) { _, _ in
            .json(.ok, CatalogWire.templates, can.catalog.templates)
        }
    }

    private var fonts: Route {
        Route(
            .get, "/api/v1/fonts", for: can.callers(.tasksRead),
            Operation(
                "listFonts", tag: "catalog", "List the fonts that captions can use",
                responses: [.json(.ok, "The font families.", CatalogWire.fonts)])
        ) { _, _ in
            .json(.ok, CatalogWire.fonts, try await can.catalog.fonts(), capacity: 32 * 1024)
        }
    }
}

/// How templates and fonts stand on the wire.
enum CatalogWire {
    static let templates = JSONOutput<[CaptionTemplate]>.object(
        "CaptionTemplates", "The caption templates.",
        [JSONField("items", .list(of: template), "The templates.") { $0 }])

    static let fonts = JSONOutput<[FontFamily]>.object(
        "Fonts", "The fonts of the server.",
        [JSONField("items", .list(of: font), "The families.") { $0 }])

    private static let font = JSONOutput<FontFamily>.object(
        "Font", "A font family.",
        [
            JSONField("name", .text, "Its name.", example: "DejaVu Sans") { $0.name },
            JSONField("styles", .list(of: .text), "Its styles.", example: ["Bold"]) { $0.styles },
        ])

    private static let template = JSONOutput<CaptionTemplate>.object(
        "CaptionTemplate", "A look of burnt-in captions.",
        [
            JSONField("name", .text, "What it is chosen by.", example: "default") { $0.name },
            JSONField("description", .text, "What it looks like.") { $0.summary },
            JSONField("font", .text, "The font family.", example: "DejaVu Sans") { $0.font },
            JSONField("bold", .truth, "Whether the bold face is used.") { $0.bold },
            JSONField(
                "size", .amount, "The text's height as a part of the frame's shorter side.", example: 0.096
            ) { $0.size },
            JSONField("capitals", .truth, "Whether everything is in capitals.") { $0.capitals },
            JSONField("color", ColourWire.output, "The colour of the words.", example: "#ffffff") { $0.text },
            JSONField(
                "highlight_color", .nullable(ColourWire.output), "The colour of the word that is spoken."
            ) {
                $0.highlight
            },
            JSONField("outline_color", ColourWire.output, "The outline's colour.") { $0.outline },
            JSONField("box_color", .nullable(ColourWire.output), "The colour of the box behind it.") {
                $0.box
            },
            JSONField("words_at_once", .count, "How many words are shown at once, at most.", example: 4) {
                $0.wordsAtOnce
            },
            JSONField("position", .number(0...1), "Where its middle stands: 0 is the top.", example: 0.72) {
                $0.position
            },
        ])
}

package import Application
package import Domain
import FoundationEssentials
import Glibc

/// The caption templates that come with Cutroom, and the fonts that fontconfig finds on this machine.
package struct FontconfigCaptionCatalog: CaptionCatalog {
    /// The caption templates, `default` first.
    package let templates: [CaptionTemplate]
    private let list: FontList

    /// Where fontconfig looks for fonts by itself.
    private static let places =
        ["/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts", "/var/cache/fontconfig"]
        + (getenv("HOME").map { String(cString: $0) }.map { ["\($0)/.fonts", "\($0)/.local/share/fonts"] }
            ?? [])

    /// The catalog of the built-in templates.
    ///
    /// - Throws: `DecodingError` when the data that was built in is broken, which a test rules out.
    package init() throws {
        try self.init(json: PackageResources.CaptionTemplates_json)
    }

    init(json: [UInt8]) throws {
        list = FontList(places: Self.places, list: Self.list)
        templates = try JSONDecoder().decode([TemplateRecord].self, from: Data(json)).map(\.template)
    }

    /// The fonts that captions can use, by family.
    package func fonts() async throws -> [FontFamily] { try await list.fonts() }

    private static func list() async throws -> [UInt8] {
        let program = ChildProgram(
            "fc-list", [":", "--format", FontList.lineFormat],
            limits: ChildLimits(memory: 512 << 20, deadline: .seconds(20)))
        return try await FFmpegProgram.run(program).output
    }
}

/// A template as its file writes it: snake case, colours as `#RRGGBB` or `#RRGGBBAA`.
private struct TemplateRecord: Decodable {
    let name: String
    let summary: String
    let font: String
    let bold: Bool
    let capitals: Bool
    let size: Double
    let text: HexColour
    let highlight: HexColour?
    let outline: HexColour
    let outline_width: Double
    let shadow: Double
    let box: HexColour?
    let boxes_spoken_word: Bool
    let words_at_once: Int
    let position: Double

    var template: CaptionTemplate {
        CaptionTemplate(
            name: name, summary: summary, font: font, bold: bold, capitals: capitals, size: size,
            text: text.colour, highlight: highlight?.colour, outline: outline.colour,
            outlineWidth: outline_width, shadow: shadow, box: box?.colour, boxesSpokenWord: boxes_spoken_word,
            wordsAtOnce: words_at_once, position: position)
    }
}

private struct HexColour: Decodable {
    let colour: CaptionTemplate.Colour

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        let digits = text.dropFirst()
        guard text.hasPrefix("#"), [6, 8].contains(digits.count), let value = UInt32(digits, radix: 16) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not a colour")
        }
        let full = digits.count == 6 ? value << 8 | 0xFF : value
        colour = CaptionTemplate.Colour(
            red: UInt8(full >> 24 & 0xFF), green: UInt8(full >> 16 & 0xFF), blue: UInt8(full >> 8 & 0xFF),
            opacity: UInt8(full & 0xFF))
    }
}

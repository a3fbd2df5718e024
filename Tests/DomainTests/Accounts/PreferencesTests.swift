import Domain
import Testing

@Suite("What users prefer")
struct PreferencesTests {
    private let blue = CaptionTemplate.Colour(red: 0, green: 0, blue: 255)

    @Test("C57: an order keeps what it says, and takes what it leaves out from its user's preferences")
    func filling() throws {
        let preferences = try Preferences(
            formats: [.square, .landscape], captionTemplate: "bold",
            captionChanges: CaptionChanges(font: "Sans", size: 0.05, colour: blue), notifiesByMail: false)
        let order = try ClipOptions(count: 7, captionChanges: CaptionChanges(size: 0.1))
        let known = ["default", "bold"]
        let all = preferences.filling(
            Set(Preferences.Field.allCases), of: order, templates: known, fonts: ["Sans"])
        #expect(all.formats == [.square, .landscape] && all.captionTemplate == "bold" && all.count == 7)
        #expect(all.captionChanges == preferences.captionChanges)
        #expect(preferences.filling([], of: order, templates: known, fonts: ["Sans"]) == order)
        let some = preferences.filling(
            [.captionFont, .captionColour], of: order, templates: known, fonts: ["Sans"])
        #expect(some.captionChanges == CaptionChanges(font: "Sans", size: 0.1, colour: blue))
        #expect(some.formats == order.formats && some.captionTemplate == order.captionTemplate)
        #expect(
            Preferences.ordinary.filling(
                Set(Preferences.Field.allCases), of: order, templates: known, fonts: ["Sans"])
                == (try ClipOptions(count: 7)))
    }

    @Test("C57: no captions is a choice, and a template that has gone is as none was chosen")
    func templates() throws {
        func template(_ chosen: String?) throws -> String? {
            try Preferences(
                formats: [.vertical], captionTemplate: chosen, captionChanges: .none, notifiesByMail: false
            ).filling([.captionTemplate], of: try ClipOptions(), templates: ["default"], fonts: [])
                .captionTemplate
        }
        #expect(try template(nil) == nil)
        #expect(try template("gone") == "default")
    }

    @Test("C57: a font that has gone is as none was chosen, and the rest stays")
    func fonts() throws {
        let preferences = try Preferences(
            formats: [.vertical], captionTemplate: "default",
            captionChanges: CaptionChanges(font: "Gone", size: 0.05), notifiesByMail: false)
        let filled = preferences.filling(
            Set(Preferences.Field.allCases), of: try ClipOptions(), templates: ["default"], fonts: ["Sans"])
        #expect(filled.captionChanges == CaptionChanges(size: 0.05))
    }

    @Test("C57: preferences keep the rules of orders")
    func rules() throws {
        for (formats, changes, rule) in [
            ([], .none, .formats), ([.square, .square], .none, .formats),
            ([.square], CaptionChanges(font: ""), .captionFont),
            ([.square], CaptionChanges(size: 0.2), .captionSize),
            ([.square], CaptionChanges(size: .nan), .captionSize),
        ] as [([ClipFormat], CaptionChanges, ClipOptionsError.Rule)] {
            let error = #expect(throws: ClipOptionsError.self) {
                try Preferences(
                    formats: formats, captionTemplate: nil, captionChanges: changes, notifiesByMail: false)
            }
            #expect(error?.broken == [rule])
        }
    }

    @Test("C57: a template takes the font, size and colour that are wanted, and keeps all else")
    func template() {
        let template = CaptionTemplate(
            name: "default", summary: "", font: "Inter", bold: true, capitals: false, size: 0.09,
            text: CaptionTemplate.Colour(red: 255, green: 255, blue: 255), highlight: blue, outline: blue,
            outlineWidth: 0.1, shadow: 0.2, box: nil, boxesSpokenWord: true, wordsAtOnce: 3, position: 0.7)
        #expect(template.applying(.none) == template)
        let changed = template.applying(CaptionChanges(font: "Sans", size: 0.05, colour: blue))
        #expect(changed.font == "Sans" && changed.size == 0.05 && changed.text == blue)
        #expect(
            changed.applying(CaptionChanges(font: "Inter", size: 0.09, colour: template.text)) == template)
    }

    @Test("three codes of a kind are mailed within an hour, from the first on")
    func mail() {
        let start = Timestamp(milliseconds: 1_790_000_000_000)
        var allowance = MailAllowance()
        let hour = MailAllowance.period
        let moments = [.zero, .seconds(600), .seconds(3540), hour - .milliseconds(1), hour]
        let taken = moments.map { allowance.take(at: start + $0) }
        #expect(taken == [true, true, true, false, true])
        #expect(allowance.count == 1 && allowance.since == start + MailAllowance.period)
    }
}

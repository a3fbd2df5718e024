import Application
import Domain
import Infrastructure
import Testing

@Suite("Caption templates and fonts") struct CaptionCatalogTests {
    @Test("the four templates are there, the default first, with values that can be drawn")
    func templates() throws {
        let templates = try FontconfigCaptionCatalog().templates
        #expect(templates.map(\.name) == ["default", "bold", "minimal", "karaoke-box"])
        for template in templates {
            #expect(!template.summary.isEmpty)
            #expect((0.02...0.3).contains(template.size))
            #expect((0...0.3).contains(template.outlineWidth))
            #expect((0...0.3).contains(template.shadow))
            #expect((0.1...0.9).contains(template.position))
            #expect((1...12).contains(template.wordsAtOnce))
        }
    }

    @Test("fonts are listed by family, each once")
    func fonts() async throws {
        let fonts = try await FontconfigCaptionCatalog().fonts()
        #expect(fonts.contains { $0.name == "DejaVu Sans" && $0.styles.contains("Bold") })
        #expect(Set(fonts.map(\.name)).count == fonts.count)
    }
}

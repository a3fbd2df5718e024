import Application
import Domain
import Synchronization
import Testing

@Suite("Preferences of users")
struct PreferenceUseCaseTests {
    private let registry = Registry()
    private let workshop = Workshop()
    private let catalog = FixedCaptionCatalog(
        templates: ["default", "bold"].map { name in
            CaptionTemplate(
                name: name, summary: "", font: "Inter", bold: false, capitals: false, size: 0.08,
                text: .init(red: 255, green: 255, blue: 255), highlight: nil,
                outline: .init(red: 0, green: 0, blue: 0), outlineWidth: 0, shadow: 0, box: nil,
                boxesSpokenWord: false, wordsAtOnce: 3, position: 0.7)
        }, fonts: [FontFamily(name: "Sans", styles: [])])
    private var get: GetPreferences { GetPreferences(desk: registry.desk) }
    private var update: UpdatePreferences { UpdatePreferences(desk: registry.desk, catalog: catalog) }
    private var submit: SubmitVideoTask {
        SubmitVideoTask(
            store: registry.store, catalog: catalog, identifiers: workshop.identifiers,
            clock: registry.clock)
    }

    private func order(_ options: ClipOptions, leavingOut fields: Set<Preferences.Field>, by caller: Caller)
        async throws -> ClipOptions
    {
        let command = SubmitVideoTask.Command(
            source: .address("https://a.example/v.mp4"), options: options, leftOut: fields)
        guard case .created(let task) = try await submit(command, by: caller) else {
            throw PortError.conflict("an order that is no repetition was repeated")
        }
        return task.options
    }

    @Test("C57: what is left out of a change stays, and null takes the template's own")
    func edits() async throws {
        let (_, caller) = try await registry.member()
        #expect(try get(by: caller) == .ordinary)
        var edit = PreferencesEdit()
        edit.captionFont = "Sans"
        edit.captionSize = 0.05
        edit.formats = [.square]
        _ = try await update(edit, by: caller)
        edit = PreferencesEdit()
        edit.captionSize = .some(nil)
        edit.captionTemplate = .some(nil)
        edit.notifiesByMail = true
        let chosen = try Preferences(
            formats: [.square], captionTemplate: nil, captionChanges: CaptionChanges(font: "Sans"),
            notifiesByMail: true)
        #expect(try await update(edit, by: caller) == chosen)
        #expect(try get(by: caller) == chosen)
    }

    @Test("C57: what cannot be ordered cannot be preferred, and nothing is changed")
    func rules() async throws {
        let (_, caller) = try await registry.member()
        var edit = PreferencesEdit()
        edit.notifiesByMail = true
        edit.captionTemplate = "glitter"
        await #expect(throws: PreferencesError.template) { try await update(edit, by: caller) }
        edit.captionTemplate = "bold"
        edit.captionFont = "Comic"
        await #expect(throws: PreferencesError.font) { try await update(edit, by: caller) }
        edit.captionFont = nil
        edit.captionSize = 1
        let error = await #expect(throws: ClipOptionsError.self) { try await update(edit, by: caller) }
        #expect(error?.broken == [.captionSize])
        #expect(try get(by: caller) == .ordinary)
        let program = Caller(
            user: caller.user, role: .user, means: .apiKey(registry.desk.anyIdentifier(), [.accountRead]))
        #expect(try get(by: program) == .ordinary)
        await #expect(throws: AccessError.missingScope(.accountWrite)) { try await update(edit, by: program) }
    }

    @Test("C57: a task says what was used: the order's own words, else its user's preferences")
    func resolution() async throws {
        let (_, ada) = try await registry.member()
        let (_, bob) = try await registry.member("Bob")
        var edit = PreferencesEdit()
        edit.formats = [.portrait]
        edit.captionTemplate = "bold"
        edit.captionColour = CaptionTemplate.Colour(red: 1, green: 2, blue: 3)
        _ = try await update(edit, by: ada)
        let all = Set(Preferences.Field.allCases)
        let hers = try await order(try ClipOptions(), leavingOut: all, by: ada)
        #expect(hers.formats == [.portrait] && hers.captionTemplate == "bold")
        #expect(hers.captionChanges.colour == CaptionTemplate.Colour(red: 1, green: 2, blue: 3))
        #expect(try await order(try ClipOptions(), leavingOut: [], by: ada) == (try ClipOptions()))
        #expect(try await order(try ClipOptions(), leavingOut: all, by: bob) == (try ClipOptions()))
        #expect(try await order(try ClipOptions(), leavingOut: all, by: .local) == (try ClipOptions()))
        await #expect(throws: SubmissionError(faults: [.font])) {
            try await order(
                try ClipOptions(captionChanges: CaptionChanges(font: "Comic")), leavingOut: [], by: ada)
        }
    }

    @Test("C57: a preferred font that was removed is not taken, and the preview says the same as the order")
    func removedFont() async throws {
        let (_, ada) = try await registry.member()
        var edit = PreferencesEdit()
        edit.captionFont = "Sans"
        _ = try await update(edit, by: ada)
        #expect(
            try await order(try ClipOptions(), leavingOut: [.captionFont], by: ada).captionChanges.font
                == "Sans")
        let poorer = FixedCaptionCatalog(templates: catalog.templates)
        let submit = SubmitVideoTask(
            store: registry.store, catalog: poorer, identifiers: workshop.identifiers, clock: registry.clock)
        let preview = PreviewVideoTask(store: registry.store, catalog: poorer, clock: registry.clock)
        let source = VideoTask.Source.address("https://a.example/v.mp4")
        let leaving = SubmitVideoTask.Command(
            source: source, options: try ClipOptions(), leftOut: [.captionFont])
        guard case .created(let task) = try await submit(leaving, by: ada) else { throw NotFound.task }
        #expect(task.options.captionChanges.font == nil)
        _ = try await preview(leaving, by: ada)
        let asking = SubmitVideoTask.Command(
            source: source, options: try ClipOptions(captionChanges: CaptionChanges(font: "Sans")))
        await #expect(throws: SubmissionError(faults: [.font])) { try await submit(asking, by: ada) }
        await #expect(throws: SubmissionError(faults: [.font])) { try await preview(asking, by: ada) }
    }

    @Test("C57: another font, size and colour than the template's reach the renderer")
    func rendering() async throws {
        let changes = CaptionChanges(
            font: "Sans", size: 0.1, colour: CaptionTemplate.Colour(red: 1, green: 2, blue: 3))
        _ = try await workshop.order(ClipOptions(captionChanges: changes))
        #expect(try await workshop.attempt() == .completed)
        let orders = workshop.studio.script.withLock { $0.orders }
        #expect(!orders.isEmpty && orders.allSatisfy { $0.captionChanges == changes })
    }
}

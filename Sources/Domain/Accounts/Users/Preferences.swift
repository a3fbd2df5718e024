/// How a user wants clips where an order leaves it out, and whether the user is told by mail when one has ended.
public struct Preferences: Hashable, Sendable {
    /// What an order can leave out.
    public enum Field: CaseIterable, Sendable {
        /// The shapes to render.
        case formats
        /// The caption template, or that there are to be no captions.
        case captionTemplate
        /// The font of the captions.
        case captionFont
        /// Their size.
        case captionSize
        /// Their colour.
        case captionColour
    }

    /// What is meant by a user who has not chosen anything.
    public static let ordinary = Preferences()

    /// The shapes to render, each once.
    public let formats: [ClipFormat]
    /// The caption template by name, nil for no captions.
    public let captionTemplate: String?
    /// What of the template is to be otherwise.
    public let captionChanges: CaptionChanges
    /// Whether a letter tells the user that a task has ended.
    public let notifiesByMail: Bool

    /// Preferences that keep the rules of ``ClipOptions``.
    ///
    /// - Throws: ``ClipOptionsError`` with every rule that is broken.
    public init(
        formats: [ClipFormat], captionTemplate: String?, captionChanges: CaptionChanges,
        notifiesByMail: Bool
    ) throws(ClipOptionsError) {
        _ = try ClipOptions(
            formats: formats, captionTemplate: captionTemplate, captionChanges: captionChanges)
        self.formats = formats
        self.captionTemplate = captionTemplate
        self.captionChanges = captionChanges
        self.notifiesByMail = notifiesByMail
    }

    private init() {
        formats = [.vertical]
        captionTemplate = ClipOptions.ordinaryTemplate
        captionChanges = .none
        notifiesByMail = false
    }

    /// An order's options with what it left out.
    ///
    /// What is there no longer is as if it had not been chosen.
    ///
    /// - Parameters:
    ///   - templates: The caption templates that there are.
    ///   - fonts: The fonts that there are.
    public func filling(
        _ fields: Set<Field>, of options: ClipOptions, templates: [String], fonts: Set<String>
    ) -> ClipOptions {
        let template = captionTemplate.flatMap { templates.contains($0) ? $0 : ClipOptions.ordinaryTemplate }
        let font = captionChanges.font.flatMap { fonts.contains($0) ? $0 : nil }
        let changes = options.captionChanges
        return options.with(
            formats: fields.contains(.formats) ? formats : options.formats,
            captionTemplate: fields.contains(.captionTemplate) ? template : options.captionTemplate,
            captionChanges: CaptionChanges(
                font: fields.contains(.captionFont) ? font : changes.font,
                size: fields.contains(.captionSize) ? captionChanges.size : changes.size,
                colour: fields.contains(.captionColour) ? captionChanges.colour : changes.colour))
    }
}

/// What of a caption template is to be otherwise; nil leaves a thing as the template has it.
public struct CaptionChanges: Hashable, Sendable {
    /// Nothing.
    public static let none = CaptionChanges()
    /// How many characters the name of a font family has.
    public static let fontLength = 1...100
    /// Bounds of the text's height, as a part of the frame's shorter side; longer words are set smaller to fit.
    public static let sizeRange = 0.03...0.15

    /// Another font family.
    public let font: String?
    /// Another height of the text, as a part of the frame's shorter side.
    public let size: Double?
    /// Another colour of the words that are not being spoken.
    public let colour: CaptionTemplate.Colour?

    /// What is to be otherwise.
    public init(font: String? = nil, size: Double? = nil, colour: CaptionTemplate.Colour? = nil) {
        self.font = font
        self.size = size
        self.colour = colour
    }
}

extension CaptionTemplate {
    /// The template with what is to be otherwise.
    public func applying(_ changes: CaptionChanges) -> CaptionTemplate {
        guard changes != .none else { return self }
        return CaptionTemplate(
            name: name, summary: summary, font: changes.font ?? font, bold: bold, capitals: capitals,
            size: changes.size ?? size, text: changes.colour ?? text, highlight: highlight, outline: outline,
            outlineWidth: outlineWidth, shadow: shadow, box: box, boxesSpokenWord: boxesSpokenWord,
            wordsAtOnce: wordsAtOnce, position: position)
    }
}

/// The look of burnt-in captions, under a name that people choose it by.
public struct CaptionTemplate: Hashable, Sendable {
    /// A colour with its opacity, 0–255 each.
    public struct Colour: Hashable, Sendable {
        /// Red, green and blue.
        public let red: UInt8, green: UInt8, blue: UInt8
        /// 255 is opaque.
        public let opacity: UInt8

        /// A colour.
        public init(red: UInt8, green: UInt8, blue: UInt8, opacity: UInt8 = 255) {
            self.red = red
            self.green = green
            self.blue = blue
            self.opacity = opacity
        }
    }

    /// What people choose it by, such as `default`.
    public let name: String
    /// What it looks like, in a sentence.
    public let summary: String
    /// The font family.
    public let font: String
    /// Whether the bold face is used.
    public let bold: Bool
    /// Whether everything is shown in capitals.
    public let capitals: Bool
    /// The height of the text as a part of the frame's width for upright and its height for wide frames.
    public let size: Double
    /// The colour of the words.
    public let text: Colour
    /// The colour of the word that is being spoken; nil leaves it like the others.
    public let highlight: Colour?
    /// The outline's colour.
    public let outline: Colour
    /// The outline's width as a part of the text's height; 0 for none.
    public let outlineWidth: Double
    /// The shadow's offset as a part of the text's height; 0 for none.
    public let shadow: Double
    /// The box behind the spoken word (`highlight`) or behind the whole text; nil for none.
    public let box: Colour?
    /// Whether the box is behind the spoken word only.
    public let boxesSpokenWord: Bool
    /// How many words are shown at once, at most.
    public let wordsAtOnce: Int
    /// Where the middle of the text stands, 0 at the top of the frame, 1 at its bottom.
    public let position: Double

    /// A caption template.
    public init(
        name: String, summary: String, font: String, bold: Bool, capitals: Bool, size: Double, text: Colour,
        highlight: Colour?, outline: Colour, outlineWidth: Double, shadow: Double, box: Colour?,
        boxesSpokenWord: Bool, wordsAtOnce: Int, position: Double
    ) {
        self.name = name
        self.summary = summary
        self.font = font
        self.bold = bold
        self.capitals = capitals
        self.size = size
        self.text = text
        self.highlight = highlight
        self.outline = outline
        self.outlineWidth = outlineWidth
        self.shadow = shadow
        self.box = box
        self.boxesSpokenWord = boxesSpokenWord
        self.wordsAtOnce = wordsAtOnce
        self.position = position
    }
}

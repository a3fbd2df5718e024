/// Measures text as it will be drawn, with the very font.
public protocol TextMeasurer {
    /// Where the ink of every token is when `lines` are drawn one below the other, each in the middle.
    ///
    /// - Returns: For every token of every line its box, relative to the middle of the whole; nil for a token
    ///   that draws nothing. Outline and shadow are not part of it.
    func measure(_ lines: [[CaptionToken]], in face: Typeface) throws -> [[InkBox?]]
}

/// A font at a size.
public struct Typeface: Hashable, Sendable {
    /// The font family.
    public let family: String
    /// Whether it is the bold face.
    public let bold: Bool
    /// The height of a line in pixels, from the font's highest to its lowest point.
    public let size: Double

    /// A font at a size.
    public init(family: String, bold: Bool, size: Double) {
        self.family = family
        self.bold = bold
        self.size = size
    }

    /// The same font at another size.
    func scaled(by factor: Double) -> Typeface {
        Typeface(family: family, bold: bold, size: size * factor)
    }
}

/// A rectangle in pixels; y grows downwards.
public struct InkBox: Hashable, Sendable {
    /// Its left, upper, right and lower edge.
    public let left: Double, top: Double, right: Double, bottom: Double

    /// A rectangle.
    public init(left: Double, top: Double, right: Double, bottom: Double) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// Its width.
    public var width: Double { right - left }
    /// Its height.
    public var height: Double { bottom - top }

    /// The least rectangle that holds both.
    public func union(_ other: InkBox) -> InkBox {
        InkBox(
            left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
            bottom: max(bottom, other.bottom))
    }

    /// Moved by so much.
    public func moved(x: Double, y: Double) -> InkBox {
        InkBox(left: left + x, top: top + y, right: right + x, bottom: bottom + y)
    }

    /// Grown by so much on every side.
    public func grown(x: Double, y: Double) -> InkBox {
        InkBox(left: left - x, top: top - y, right: right + x, bottom: bottom + y)
    }

    /// Whether it lies within `other`.
    public func isInside(_ other: InkBox) -> Bool {
        left >= other.left && top >= other.top && right <= other.right && bottom <= other.bottom
    }
}

extension Sequence<InkBox> {
    /// The least rectangle that holds all; nil for none.
    var union: InkBox? {
        reduce(nil as InkBox?) { whole, box in whole?.union(box) ?? box }
    }
}

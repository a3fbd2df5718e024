/// What is shown at once, and where.
public struct CaptionPage: Hashable, Sendable {
    /// When it is shown, in seconds of the clip.
    public let span: TimeSpan
    /// Its lines, one or two.
    public let lines: [[CaptionToken]]
    /// The font at the size that makes it fit.
    public let face: Typeface
    /// The middle of the text in the frame, in pixels.
    public let middle: (x: Double, y: Double)
    /// The ink of every token in the frame, as ``TextMeasurer`` found it.
    public let boxes: [[InkBox?]]

    /// All its ink; nil when it draws nothing.
    public var ink: InkBox? { boxes.joined().compactMap(\.self).union }

    /// Its tokens in the order in which they are spoken.
    public var tokens: [CaptionToken] { lines.flatMap(\.self) }

    /// When the token at `index` is the spoken one: until the next one is, the last until the page goes.
    public func spoken(_ index: Int) -> TimeSpan {
        let tokens = tokens
        let start = index == 0 ? span.start : max(span.start, tokens[index].span.start)
        let end = index + 1 < tokens.count ? tokens[index + 1].span.start : span.end
        return TimeSpan(start: start, end: max(start, min(span.end, end)))
    }

    /// Whether both are the same in every respect.
    public static func == (one: Self, other: Self) -> Bool {
        one.span == other.span && one.lines == other.lines && one.face == other.face
            && one.middle == other.middle && one.boxes == other.boxes
    }

    /// Feeds what tells it apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(span)
        hasher.combine(lines)
    }
}

/// Sets captions: divides them into pages, breaks the lines, and fits every page into the safe area.
public struct CaptionLayout {
    /// The margin that captions never enter, as a part of the frame's width and height.
    public static let margin = 0.06
    /// How long a page may stay after its last word when nothing follows at once, in seconds.
    private static let afterglow = 0.4
    /// The thinnest room around the text for what is drawn around it, as a part of the text's height.
    private static let leastPadding = 0.04

    private let template: CaptionTemplate
    private let frame: PictureSize
    private let measurer: any TextMeasurer

    /// A layout for frames of the size `frame`.
    public init(template: CaptionTemplate, frame: PictureSize, measurer: any TextMeasurer) {
        self.template = template
        self.frame = frame
        self.measurer = measurer
    }

    /// Where captions may be, in pixels.
    public static func safeArea(of frame: PictureSize) -> InkBox {
        let (width, height) = (Double(frame.width), Double(frame.height))
        return InkBox(
            left: width * margin, top: height * margin, right: width * (1 - margin),
            bottom: height * (1 - margin))
    }

    /// How far outline, shadow and box reach beyond the ink, as a part of the text's height.
    private var padding: (x: Double, y: Double) {
        let around = template.outlineWidth + template.shadow + Self.leastPadding
        guard template.box != nil else { return (around, around) }
        return (max(around, CaptionTemplate.boxPadding.x), max(around, CaptionTemplate.boxPadding.y))
    }

    private var face: Typeface {
        Typeface(
            family: template.font, bold: template.bold,
            size: (template.size * Double(min(frame.width, frame.height))).rounded())
    }

    /// The middle of the text.
    ///
    /// Upright frames leave room below for what apps lay over them; wide ones need none, so the text stands lower
    /// there.
    private var anchor: Double {
        let part = frame.width > frame.height ? 1 - (1 - template.position) * 0.65 : template.position
        return part * Double(frame.height)
    }

    /// The pages for what is said in `clip`.
    ///
    /// - Parameters:
    ///   - words: What is said, in times of the source.
    ///   - clip: What the clip shows of the source.
    /// - Returns: The pages in times of the clip, in order, never two at once.
    public func pages(for words: [Word], in clip: TimeSpan) throws -> [CaptionPage] {
        let tokens = CaptionToken.tokens(of: words, in: clip, capitals: template.capitals)
        let lines = try LineBreaker(tokens: tokens, face: face, measurer: measurer, room: roomForText(face))
        let pager = CaptionPager(tokens: tokens, tokensAtOnce: max(1, template.wordsAtOnce)) { page in
            lines.fits(page)
        }
        let ranges = try pager.pages()
        return try ranges.enumerated().compactMap { number, range in
            let next =
                number + 1 < ranges.count ? tokens[ranges[number + 1].lowerBound].span.start : clip.duration
            return try page(of: lines.lines(of: range).map { Array(tokens[$0]) }, until: next)
        }
    }

    /// The width that ink may have at a size.
    private func roomForText(_ face: Typeface) -> Double {
        Self.safeArea(of: frame).width - 2 * padding.x * face.size
    }

    private func page(of lines: [[CaptionToken]], until next: Double) throws -> CaptionPage? {
        guard let first = lines.first?.first, let last = lines.last?.last else { return nil }
        let spokenUntil = max(first.span.start, last.span.end)
        // A page that would be gone for an instant only stays: flicker reads worse than a late goodbye.
        let end = next - spokenUntil < CaptionPager.longPause ? next : min(next, spokenUntil + Self.afterglow)
        guard end > first.span.start else { return nil }
        let area = Self.safeArea(of: frame)
        var face = face
        var boxes = try measurer.measure(lines, in: face)
        for _ in 0..<4 {
            guard let ink = boxes.joined().compactMap(\.self).union else { return nil }
            let room = (width: roomForText(face), height: area.height - 2 * padding.y * face.size)
            let factor = min(room.width / max(1, ink.width), room.height / max(1, ink.height))
            if factor >= 1 { break }
            // Ink does not shrink quite evenly, so a little more than needed is taken off.
            face = face.scaled(by: factor * 0.99)
            boxes = try measurer.measure(lines, in: face)
        }
        guard let ink = boxes.joined().compactMap(\.self).union else { return nil }
        let reach = (x: padding.x * face.size, y: padding.y * face.size)
        let x = Self.placed(
            Double(frame.width) / 2, low: ink.left - reach.x, high: ink.right + reach.x,
            within: (area.left, area.right))
        let y = Self.placed(
            anchor, low: ink.top - reach.y, high: ink.bottom + reach.y, within: (area.top, area.bottom))
        return CaptionPage(
            span: TimeSpan(start: first.span.start, end: end), lines: lines, face: face, middle: (x, y),
            boxes: boxes.map { line in line.map { $0?.moved(x: x, y: y) } })
    }

    /// The whole number nearest to `wished` at which what reaches from `low` to `high` around it is within bounds.
    private static func placed(
        _ wished: Double, low: Double, high: Double, within bounds: (low: Double, high: Double)
    ) -> Double {
        min(max(wished, (bounds.low - low).rounded(.up)), (bounds.high - high).rounded(.down)).rounded()
    }
}

extension CaptionTemplate {
    /// How far a box reaches beyond the ink of its text, as parts of the text's height.
    public static let boxPadding = (x: 0.19, y: 0.14)
}

import Domain

/// Writes captions as an ASS script, which libass draws.
///
/// Everything that comes from people goes through ``escaped(_:)``: it can be shown but never read as an override.
enum CaptionScript {
    /// The name of the one style.
    private static let style = "Caption"

    /// The script for `pages` in frames of the size `frame`.
    static func script(_ pages: [CaptionPage], template: CaptionTemplate, frame: PictureSize) -> String {
        var events: [String] = []
        for page in pages {
            if let box = template.box {
                if template.boxesSpokenWord {
                    events += spokenBoxes(page, colour: box)
                } else if let ink = page.ink {
                    events.append(
                        event(
                            layer: 0, page.span,
                            drawing(of: grown(ink, page), colour: box, page)))
                }
            }
            if template.shadow > 0 { events.append(shadow(page, template)) }
            events += words(page, template)
        }
        return header(frame, template) + events.joined(separator: "\n") + "\n"
    }

    /// The beginning of a script whose pixels are those of `frame`.
    static func header(_ frame: PictureSize, _ template: CaptionTemplate) -> String {
        header(
            frame, font: template.font, bold: template.bold, text: template.text, outline: template.outline)
    }

    static func header(
        _ frame: PictureSize, font: String, bold: Bool, text: CaptionTemplate.Colour,
        outline: CaptionTemplate.Colour
    ) -> String {
        // Encoding −1 lets libass find the direction of each text, and shape it as a whole across colours.
        """
        [Script Info]
        ScriptType: v4.00+
        PlayResX: \(frame.width)
        PlayResY: \(frame.height)
        WrapStyle: 2
        ScaledBorderAndShadow: yes
        YCbCr Matrix: None

        [V4+ Styles]
        Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
        Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
        MarginR, MarginV, Encoding
        Style: \(style),\(font.filter { $0 != "," }),48,\(full(text)),\(full(text)),\(full(outline)),&H00000000,\
        \(bold ? -1 : 0),0,0,0,100,100,0,0,1,0,0,5,0,0,0,-1

        [Events]
        Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text

        """
    }

    /// One line of the script.
    static func event(layer: Int, _ span: TimeSpan, _ text: String) -> String {
        "Dialogue: \(layer),\(time(span.start)),\(time(span.end)),\(style),,0,0,0,,\(text)"
    }

    /// Text that is shown as it is: braces and backslashes mean nothing in it.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "{": escaped += "\\{"
            case "}": escaped += "\\}"
            // A word joiner, which draws nothing, keeps the backslash from joining what follows it.
            case "\\": escaped += "\\\u{2060}"
            case _ where character.isNewline: escaped += " "
            default: escaped.append(character)
            }
        }
        return escaped
    }

    /// The lines of tokens as one text, each token after what `mark` gives for it.
    static func text(_ lines: [[CaptionToken]], mark: (_ index: Int) -> String) -> String {
        var index = 0
        return lines.map { line in
            line.enumerated().map { place, token in
                defer { index += 1 }
                return (place > 0 && token.spaced ? " " : "") + mark(index) + escaped(token.text)
            }.joined()
        }.joined(separator: "\\N")
    }

    // MARK: What a page is made of

    /// The words, once for each of them that is spoken in turn.
    private static func words(_ page: CaptionPage, _ template: CaptionTemplate) -> [String] {
        let look =
            "\(place(page))\\fs\(number(page.face.size))\\bord\(number(template.outlineWidth * page.face.size))"
        guard let highlight = template.highlight else {
            return [event(layer: 3, page.span, "{\(look)}" + text(page.lines) { _ in "" })]
        }
        let (plain, spoken) = (colour(template.text), colour(highlight))
        return page.tokens.indices.compactMap { active in
            let span = page.spoken(active)
            guard ticks(span.end) > ticks(span.start) else { return nil }
            let words = text(page.lines) { index in
                index == active ? "{\(spoken)}" : index == active + 1 ? "{\(plain)}" : ""
            }
            return event(layer: 3, span, "{\(look)}\(active == 0 ? appearing : "")" + words)
        }
    }

    /// A soft dark copy below the words, which sets them off from any picture.
    private static func shadow(_ page: CaptionPage, _ template: CaptionTemplate) -> String {
        let size = page.face.size
        let look =
            "\\pos(\(number(page.middle.x)),\(number(page.middle.y + template.shadow * size * 0.5)))"
            + "\\fs\(number(size))\\bord\(number(template.outlineWidth * size))\\blur\(number(template.shadow * size * 0.5))"
            + "\\1c&H000000&\\3c&H000000&\\1a&H60&\\3a&H60&"
        return event(layer: 1, page.span, "{\(look)}\(appearing)" + text(page.lines) { _ in "" })
    }

    /// The box behind each word while it is spoken.
    private static func spokenBoxes(_ page: CaptionPage, colour: CaptionTemplate.Colour) -> [String] {
        var events: [String] = []
        var index = 0
        for boxes in page.boxes {
            // All boxes of a line are equally high, or else they would dance.
            let line = boxes.compactMap(\.self).reduce(nil as InkBox?) { $0?.union($1) ?? $1 }
            for box in boxes {
                defer { index += 1 }
                let span = page.spoken(index)
                guard let box, let line, ticks(span.end) > ticks(span.start) else { continue }
                let even = InkBox(left: box.left, top: line.top, right: box.right, bottom: line.bottom)
                events.append(event(layer: 2, span, drawing(of: grown(even, page), colour: colour, page)))
            }
        }
        return events
    }

    private static func grown(_ box: InkBox, _ page: CaptionPage) -> InkBox {
        let padding = CaptionTemplate.boxPadding
        return box.grown(x: padding.x * page.face.size, y: padding.y * page.face.size)
    }

    /// A filled rectangle with round corners.
    private static func drawing(of box: InkBox, colour fill: CaptionTemplate.Colour, _ page: CaptionPage)
        -> String
    {
        let (width, height) = (box.width, box.height)
        let radius = min(0.22 * page.face.size, min(width, height) / 2)
        // A cubic curve is closest to a quarter of a circle with its handles at 0.5523 of the radius.
        let handle = radius * 0.4477
        func point(_ x: Double, _ y: Double) -> String { "\(number(x)) \(number(y))" }
        let outline = [
            "m", point(radius, 0), "l", point(width - radius, 0),
            "b", point(width - handle, 0), point(width, handle), point(width, radius),
            "l", point(width, height - radius),
            "b", point(width, height - handle), point(width - handle, height), point(width - radius, height),
            "l", point(radius, height),
            "b", point(handle, height), point(0, height - handle), point(0, height - radius),
            "l", point(0, radius),
            "b", point(0, handle), point(handle, 0), point(radius, 0),
        ].joined(separator: " ")
        let place = "\\an7\\pos(\(number(box.left)),\(number(box.top)))"
        return "{\(place)\\bord0\\shad0\(colour(fill))\\1a\(alpha(fill))\\p1}\(outline){\\p0}"
    }

    private static func place(_ page: CaptionPage) -> String {
        "\\pos(\(number(page.middle.x)),\(number(page.middle.y)))"
    }

    /// A page grows to its size within three frames, which reads as lively and never leaves its place.
    private static let appearing = "{\\fscx92\\fscy92\\t(0,90,\\fscx100\\fscy100)}"

    // MARK: How ASS writes values

    /// Hundredths of a second, which is as fine as ASS counts.
    private static func ticks(_ seconds: Double) -> Int { Int(nearest: seconds * 100) }

    private static func time(_ seconds: Double) -> String {
        let ticks = max(0, ticks(seconds))
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(ticks / 360_000):\(two(ticks / 6000 % 60)):\(two(ticks / 100 % 60)).\(two(ticks % 100))"
    }

    /// A number with at most two decimals.
    private static func number(_ value: Double) -> String {
        let hundredths = Int(nearest: value * 100)
        return hundredths % 100 == 0 ? "\(hundredths / 100)" : "\(Double(hundredths) / 100)"
    }

    private static func hex(_ value: UInt8) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return digits.count < 2 ? "0\(digits)" : digits
    }

    /// Blue, green, red: the order of ASS.
    private static func colour(_ colour: CaptionTemplate.Colour) -> String {
        "\\1c&H\(hex(colour.blue))\(hex(colour.green))\(hex(colour.red))&"
    }

    /// Transparency, which is what ASS writes instead of opacity.
    private static func alpha(_ colour: CaptionTemplate.Colour) -> String {
        "&H\(hex(255 - colour.opacity))&"
    }

    private static func full(_ colour: CaptionTemplate.Colour) -> String {
        "&H\(hex(255 - colour.opacity))\(hex(colour.blue))\(hex(colour.green))\(hex(colour.red))"
    }
}

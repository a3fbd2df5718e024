internal import Domain

/// How colours stand on the wire: `#rrggbb`, with two more digits where they are not opaque.
enum ColourWire {
    static let output = JSONOutput<CaptionTemplate.Colour>(
        .string(pattern: "^#[0-9a-f]{6}([0-9a-f]{2})?$")
    ) { colour, writer in
        let parts = [colour.red, colour.green, colour.blue] + (colour.opacity == 255 ? [] : [colour.opacity])
        let digits = parts.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        writer.string("#" + digits.joined())
    }

    static let input = JSONInput<CaptionTemplate.Colour>(
        .string(pattern: "^#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?$")
    ) { document, pointer, faults in
        guard case .string(let text) = document else {
            faults.append(.wrongType(document, at: pointer, expected: "a string"))
            return nil
        }
        guard let colour = colour(text) else {
            faults.append(Fault(.body(pointer.text), .badFormat, "must be #rrggbb or #rrggbbaa"))
            return nil
        }
        return colour
    }

    private static func colour(_ text: String) -> CaptionTemplate.Colour? {
        let digits = text.utf8.dropFirst().compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard text.hasPrefix("#"), [7, 9].contains(text.utf8.count), digits.count == text.utf8.count - 1
        else {
            return nil
        }
        let parts = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        return CaptionTemplate.Colour(
            red: parts[0], green: parts[1], blue: parts[2], opacity: parts.count > 3 ? parts[3] : 255)
    }
}

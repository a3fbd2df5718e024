/// Tables as text (RFC 4180), which spreadsheets open without running anything of what stands in them.
enum CSV {
    /// The cells of a row, with the end of its line.
    static func row(_ cells: [String]) -> [UInt8] {
        Array((cells.map(cell).joined(separator: ",") + "\r\n").utf8)
    }

    /// What spreadsheets take for the beginning of a formula, in ASCII and in the full width of East Asian text.
    private static let formulaSigns: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠",
    ]
    private static let specialSigns: Set<Unicode.Scalar> = [",", "\"", "\r", "\n"]

    /// A cell in quotes where it needs them; a formula is made text by an apostrophe before it.
    ///
    /// Some spreadsheets pass over spaces before a formula.
    private static func cell(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let isFormula = scalars.drop { $0 == " " }.first.map(formulaSigns.contains) ?? false
        let safe = isFormula ? "'" + text : text
        let needsQuotes =
            scalars.contains(where: specialSigns.contains) || text.hasPrefix(" ")
            || text.hasSuffix(" ")
        guard needsQuotes else { return safe }
        return "\"" + doublingQuotes(safe) + "\""
    }

    /// By scalars: a quote with a combining mark behind it is one character, and no less a quote.
    private static func doublingQuotes(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { doubled, scalar in
            if scalar == "\"" { doubled.unicodeScalars.append(scalar) }
            doubled.unicodeScalars.append(scalar)
        }
    }
}

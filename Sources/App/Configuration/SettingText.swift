/// The bytes in a size such as `4096`, `500MB` (powers of 1000) or `12GiB` (powers of 1024); nil for
/// anything else.
func byteCount(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(digits.count).lowercased().filter { $0 != " " }
    let scales: [String: Int64] = [
        "": 1, "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
        "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
    ]
    guard let number = Int64(digits), let scale = scales[unit] else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: scale)
    return overflow ? nil : product
}

/// The seconds in a length of time such as `90`, `90s`, `1.5m`, `4h`, `1:30` or `1:30:00`; nil for anything
/// else.
func secondCount(_ text: String) -> Double? {
    if text.contains(":") {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let seconds = finite(parts[parts.count - 1]), seconds < 60 else {
            return nil
        }
        var minutes = 0.0
        for (index, part) in parts.dropLast().enumerated() {
            guard let number = Int(part), number >= 0, index == 0 || number < 60 else { return nil }
            minutes = minutes * 60 + Double(number)
        }
        return minutes * 60 + seconds
    }
    switch text.last {
    case "s": return finite(text.dropLast())
    case "m": return finite(text.dropLast()).map { $0 * 60 }
    case "h": return finite(text.dropLast()).map { $0 * 3600 }
    default: return finite(text[...])
    }
}

/// A number without the decimals that say nothing: `15`, `0.5`.
func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
}

private func finite(_ text: Substring) -> Double? {
    guard let first = text.first, first.isNumber || first == ".", let number = Double(text), number.isFinite
    else { return nil }
    return number
}

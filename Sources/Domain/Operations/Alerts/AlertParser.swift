/// Reads expressions by recursive descent: `or` binds least, then `and`, `not`, comparisons, `+ -`, `* /`.
struct AlertParser {
    private typealias Node = AlertExpression.Node

    private let signs: [UInt8]
    private var position = 0
    private var depth = 0

    /// How deep parentheses and signs may be nested.
    private static let maximumDepth = 40

    private static let units: [String: Double] = [
        "ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "%": 0.01, "KiB": 1024, "MiB": 1_048_576,
        "GiB": 1_073_741_824, "TiB": 1_099_511_627_776,
    ]

    init(_ text: String) {
        signs = Array(text.utf8)
    }

    /// The whole text.
    mutating func expression() throws(AlertSyntaxError) -> AlertExpression.Node {
        let node = try alternatives()
        skipSpace()
        guard position == signs.count else { throw fault("an operator or the end") }
        return node
    }

    // MARK: Levels

    private mutating func alternatives() throws(AlertSyntaxError) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw fault("fewer parentheses") }
        var node = try conjunction()
        while take(word: "or") { node = .or(node, try conjunction()) }
        return node
    }

    private mutating func conjunction() throws(AlertSyntaxError) -> Node {
        var node = try negation()
        while take(word: "and") {
            // `a and not b` is about the targets of a; `not b` alone would be about no target.
            if take(word: "not") {
                node = .unless(node, try negation())
            } else {
                node = .and(node, try negation())
            }
        }
        return node
    }

    private mutating func negation() throws(AlertSyntaxError) -> Node {
        guard take(word: "not") else { return try comparison() }
        return .not(try comparison())
    }

    private mutating func comparison() throws(AlertSyntaxError) -> Node {
        let node = try sum()
        guard let sign = comparisonSign() else { return node }
        skipSpace()
        if let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
            guard case .series(var selector) = node, sign == .equal || sign == .different else {
                throw fault("a number: only `series == 'text'` and `!=` take a text")
            }
            let text = try quoted()
            selector.conditions.append(
                .init(label: selector.name, value: text, isWanted: sign == .equal))
            return .series(selector)
        }
        let other = try sum()
        if comparisonSign() != nil { throw fault("an end: comparisons are not chained") }
        return .comparison(sign, node, other)
    }

    private mutating func sum() throws(AlertSyntaxError) -> Node {
        var node = try product()
        while true {
            if take(sign: "+") {
                node = .arithmetic(.add, node, try product())
            } else if take(sign: "-") {
                node = .arithmetic(.subtract, node, try product())
            } else {
                return node
            }
        }
    }

    private mutating func product() throws(AlertSyntaxError) -> Node {
        var node = try factor()
        while true {
            if take(sign: "*") {
                node = .arithmetic(.multiply, node, try factor())
            } else if take(sign: "/") {
                node = .arithmetic(.divide, node, try factor())
            } else {
                return node
            }
        }
    }

    private mutating func factor() throws(AlertSyntaxError) -> Node {
        skipSpace()
        guard let sign = peek else { throw fault("a number, a series or a function") }
        if take(sign: "(") {
            let node = try alternatives()
            try expect(")")
            return node
        }
        if take(sign: "-") {
            depth += 1
            defer { depth -= 1 }
            guard depth <= Self.maximumDepth else { throw fault("fewer signs") }
            return .arithmetic(.subtract, .number(0), try factor())
        }
        if Self.isDigit(sign) { return .number(try number()) }
        guard Self.isLetter(sign) else { throw fault("a number, a series or a function") }
        let start = position
        let name = self.name()
        if ["and", "or", "not"].contains(name) {
            position = start
            throw fault("a number, a series or a function")
        }
        skipSpace()
        guard peek == UInt8(ascii: "(") else { return .series(try selector(name)) }
        return try call(name, at: start)
    }

    private mutating func call(_ name: String, at start: Int) throws(AlertSyntaxError) -> Node {
        try expect("(")
        let node: Node
        if let function = AlertExpression.WindowFunction(rawValue: name) {
            let selector = try seriesArgument()
            try expect(",")
            node = .overTime(function, selector, window: try duration())
        } else {
            switch name {
            case "quantile":
                let place = position
                let share = try number()
                guard (0...1).contains(share) else { throw fault("a share from 0 to 1", at: place) }
                try expect(",")
                let selector = try seriesArgument()
                try expect(",")
                node = .quantile(share, selector, window: try duration())
            case "predict":
                let selector = try seriesArgument()
                try expect(",")
                let window = try duration()
                try expect(",")
                node = .predict(selector, window: window, horizon: try duration())
            case "absent": node = .absent(try seriesArgument())
            default:
                throw fault(
                    "one of avg_over, max_over, min_over, rate, quantile, predict and absent", at: start)
            }
        }
        try expect(")")
        return node
    }

    // MARK: Parts

    private mutating func seriesArgument() throws(AlertSyntaxError) -> SeriesSelector {
        skipSpace()
        guard let sign = peek, Self.isLetter(sign) else { throw fault("the name of a series") }
        return try selector(name())
    }

    private mutating func selector(_ name: String) throws(AlertSyntaxError) -> SeriesSelector {
        var selector = SeriesSelector(name: name)
        guard take(sign: "{") else { return selector }
        while !take(sign: "}") {
            if !selector.conditions.isEmpty { try expect(",") }
            skipSpace()
            guard let sign = peek, Self.isLetter(sign) else { throw fault("the name of a label") }
            let label = self.name()
            let isWanted: Bool
            switch comparisonSign() {
            case .equal: isWanted = true
            case .different: isWanted = false
            default:
                guard take(sign: "=") else { throw fault("= or !=") }
                isWanted = true
            }
            skipSpace()
            selector.conditions.append(.init(label: label, value: try quoted(), isWanted: isWanted))
        }
        return selector
    }

    private mutating func duration() throws(AlertSyntaxError) -> Duration {
        skipSpace()
        let place = position
        let seconds = try number()
        guard seconds > 0, seconds <= 30 * 86_400 else { throw fault("a time of up to 30 d", at: place) }
        return .milliseconds(Int64(nearest: seconds * 1000))
    }

    private mutating func number() throws(AlertSyntaxError) -> Double {
        skipSpace()
        let start = position
        while let sign = peek, Self.isDigit(sign) || sign == UInt8(ascii: ".") { position += 1 }
        if let sign = peek, sign | 0x20 == UInt8(ascii: "e"), position > start {
            // An exponent, unless what follows are letters of something else.
            var ahead = position + 1
            if ahead < signs.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(signs[ahead]) {
                ahead += 1
            }
            if ahead < signs.count, Self.isDigit(signs[ahead]) {
                position = ahead
                while let sign = peek, Self.isDigit(sign) { position += 1 }
            }
        }
        let text = String(decoding: signs[start..<position], as: UTF8.self)
        guard let number = Double(text), number.isFinite else { throw fault("a number", at: start) }
        return number * (try unit())
    }

    private mutating func unit() throws(AlertSyntaxError) -> Double {
        let before = position
        skipSpace()
        let start = position
        if peek == UInt8(ascii: "%") {
            position += 1
        } else {
            while let sign = peek, Self.isLetter(sign), sign != UInt8(ascii: "_") { position += 1 }
        }
        let text = String(decoding: signs[start..<position], as: UTF8.self)
        if let factor = Self.units[text] { return factor }
        guard text.isEmpty || ["and", "or"].contains(text) else {
            throw fault("one of the units ms, s, m, h, d, %, KiB, MiB, GiB and TiB", at: start)
        }
        position = before
        return 1
    }

    private mutating func quoted() throws(AlertSyntaxError) -> String {
        guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw fault("a text in quotes")
        }
        position += 1
        let start = position
        while let sign = peek, sign != quote { position += 1 }
        guard peek != nil else { throw fault("the end of the text", at: signs.count) }
        defer { position += 1 }
        return String(decoding: signs[start..<position], as: UTF8.self)
    }

    private mutating func name() -> String {
        let start = position
        while let sign = peek, Self.isLetter(sign) || Self.isDigit(sign) { position += 1 }
        return String(decoding: signs[start..<position], as: UTF8.self)
    }

    private mutating func comparisonSign() -> AlertExpression.Comparison? {
        skipSpace()
        let signs: [(String, AlertExpression.Comparison)] = [
            ("<=", .atMost), (">=", .atLeast), ("==", .equal), ("!=", .different), ("<", .less), (">", .more),
        ]
        for (text, sign) in signs where take(sign: text) { return sign }
        return nil
    }

    // MARK: Signs

    private var peek: UInt8? { position < signs.count ? signs[position] : nil }

    private mutating func skipSpace() {
        while let sign = peek, sign == 0x20 || sign == 0x09 || sign == 0x0A || sign == 0x0D { position += 1 }
    }

    private mutating func take(sign: String) -> Bool {
        skipSpace()
        guard signs[position...].starts(with: sign.utf8) else { return false }
        position += sign.utf8.count
        return true
    }

    private mutating func take(word: String) -> Bool {
        skipSpace()
        let start = position
        guard name() == word else {
            position = start
            return false
        }
        return true
    }

    private mutating func expect(_ sign: String) throws(AlertSyntaxError) {
        guard take(sign: sign) else { throw fault(sign) }
    }

    private func fault(_ expected: String, at place: Int? = nil) -> AlertSyntaxError {
        AlertSyntaxError(position: place ?? position, expected: expected)
    }

    private static func isDigit(_ sign: UInt8) -> Bool { (0x30...0x39).contains(sign) }

    private static func isLetter(_ sign: UInt8) -> Bool {
        (0x41...0x5A).contains(sign) || (0x61...0x7A).contains(sign) || sign == UInt8(ascii: "_")
    }
}

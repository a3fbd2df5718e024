/// What an alert watches for, such as `avg_over(memory_used_ratio, 3m) > 80 %`: read once, asked again and again.
///
/// An expression gives a number for each target, and nothing for targets about which nothing is known: what is missing
/// is never zero. A comparison keeps the targets for which it is true, with their numbers.
///
/// - `name`, `name{label="text"}`: a series as it is now. `name == 'text'` and `!=` choose by the label of that name, as
///   in `status == 'unhealthy'`.
/// - Numbers take units: `5 s`, `10 m`, `4 h`, `1 d`, `20 ms` are seconds, `80 %` is 0.8, `2 GiB` are bytes.
/// - `+ - * /`, comparisons, `and`, `or`, `not`, in the usual order; where both sides have targets those go together of
///   which one has all labels of the other.
/// - `avg_over`, `max_over`, `min_over`, `rate` of a series over a window, `quantile(0.95, series, window)`,
///   `predict(series, window, horizon)` by a robust line, `absent(series)`: 1 when there is none.
public struct AlertExpression: Hashable, Sendable {
    /// As it was written.
    public let text: String
    let root: Node

    /// Reads an expression.
    ///
    /// - Throws: ``AlertSyntaxError`` with the place of the first fault.
    public init(_ text: String) throws(AlertSyntaxError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw AlertSyntaxError(position: Self.maximumLength, expected: "an end: this is too long")
        }
        var parser = AlertParser(text)
        root = try parser.expression()
        self.text = text
    }

    /// How many bytes an expression may have.
    public static let maximumLength = 1000

    /// The series that it looks at, each with the longest time that it looks back.
    public var series: [String: Duration] {
        var found: [String: Duration] = [:]
        root.collect(into: &found)
        return found
    }

    indirect enum Node: Hashable, Sendable {
        case number(Double)
        case series(SeriesSelector)
        case overTime(WindowFunction, SeriesSelector, window: Duration)
        case quantile(Double, SeriesSelector, window: Duration)
        case predict(SeriesSelector, window: Duration, horizon: Duration)
        case absent(SeriesSelector)
        case arithmetic(Arithmetic, Node, Node)
        case comparison(Comparison, Node, Node)
        case and(Node, Node)
        case unless(Node, Node)
        case or(Node, Node)
        case not(Node)

        fileprivate func collect(into found: inout [String: Duration]) {
            func note(_ selector: SeriesSelector, _ window: Duration) {
                found[selector.name] = max(found[selector.name] ?? .zero, window)
            }
            switch self {
            case .number: break
            case .series(let selector), .absent(let selector): note(selector, .zero)
            case .overTime(_, let selector, let window), .quantile(_, let selector, let window),
                .predict(let selector, let window, _):
                note(selector, window)
            case .arithmetic(_, let one, let other), .comparison(_, let one, let other),
                .and(let one, let other),
                .unless(let one, let other), .or(let one, let other):
                one.collect(into: &found)
                other.collect(into: &found)
            case .not(let node): node.collect(into: &found)
            }
        }
    }

    enum WindowFunction: String, CaseIterable, Sendable {
        case average = "avg_over"
        case maximum = "max_over"
        case minimum = "min_over"
        case rate
    }

    enum Arithmetic: Sendable {
        case add, subtract, multiply, divide
    }

    enum Comparison: Sendable {
        case less, atMost, more, atLeast, equal, different

        func holds(_ one: Double, _ other: Double) -> Bool {
            switch self {
            case .less: one < other
            case .atMost: one <= other
            case .more: one > other
            case .atLeast: one >= other
            case .equal: one == other
            case .different: one != other
            }
        }
    }
}

/// A series by name, and which of its targets.
struct SeriesSelector: Hashable, Sendable {
    let name: String
    /// Labels that a target must have so, or must not.
    var conditions: [Condition] = []

    struct Condition: Hashable, Sendable {
        let label: String
        let value: String
        let isWanted: Bool
    }

    func selects(_ target: AlertTarget) -> Bool {
        conditions.allSatisfy { (target.labels[$0.label] == $0.value) == $0.isWanted }
    }
}

/// What an alert is about: the labels of a series, such as `service=disk`.
public struct AlertTarget: Hashable, Sendable {
    /// The labels' values by name; nothing for the program as a whole.
    public let labels: [String: String]

    /// A target.
    public init(_ labels: [String: String] = [:]) {
        self.labels = labels
    }

    /// Whether it has all labels of another one, or the other all of its.
    func goesWith(_ other: AlertTarget) -> Bool {
        let (fewer, more) =
            labels.count <= other.labels.count ? (labels, other.labels) : (other.labels, labels)
        return fewer.allSatisfy { more[$0.key] == $0.value }
    }
}

/// What is wrong with the text of an expression.
public struct AlertSyntaxError: CodedError, Hashable {
    /// Where, in bytes from the beginning.
    public let position: Int
    /// What was expected there.
    public let expected: String

    /// A stable code.
    public var code: String { "alert_expression_malformed" }
    /// Where, and what was expected.
    public var explanation: String { "At byte \(position) of the expression \(expected) was expected." }
}

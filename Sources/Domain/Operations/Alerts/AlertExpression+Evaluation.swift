/// What is known of numbers, now and some time back.
public protocol SeriesSource {
    /// What a series is now, by target; nothing of what nobody measures.
    func current(_ name: String) -> [AlertTarget: Double]
    /// What it was, oldest first, by target, not longer ago than `window`.
    func past(_ name: String, within window: Duration) -> [AlertTarget: [TimedValue]]
}

extension AlertExpression {
    /// The targets for which it says something, with the numbers; of a comparison those for which it is true.
    public func value(from source: some SeriesSource) -> [AlertTarget: Double] {
        root.value(from: source)
    }
}

extension AlertExpression.Node {
    /// What a number that is about nothing in particular is about.
    private static let everything = AlertTarget()

    fileprivate func value(from source: some SeriesSource) -> [AlertTarget: Double] {
        switch self {
        case .number(let number): return [Self.everything: number]
        case .series(let selector): return source.current(selector.name).filter { selector.selects($0.key) }
        case .absent(let selector):
            return source.current(selector.name).contains { selector.selects($0.key) }
                ? [:] : [Self.everything: 1]
        case .overTime(let function, let selector, let window):
            return selector.past(from: source, within: window).compactMapValues(function.value)
        case .quantile(let share, let selector, let window):
            return selector.past(from: source, within: window).compactMapValues {
                Self.quantile(share, of: $0)
            }
        case .predict(let selector, let window, let horizon):
            return selector.past(from: source, within: window).compactMapValues {
                Self.prediction(of: $0, after: horizon)
            }
        case .arithmetic(let sign, let one, let other):
            return Self.joined(one.value(from: source), other.value(from: source), sign.result)
        case .comparison(let sign, let one, let other):
            return Self.joined(one.value(from: source), other.value(from: source)) {
                sign.holds($0, $1) ? $0 : nil
            }
        case .and(let one, let other):
            let others = other.value(from: source)
            return one.value(from: source).filter { target, _ in others.keys.contains { $0.goesWith(target) }
            }
        case .unless(let one, let other):
            let others = other.value(from: source)
            return one.value(from: source).filter { target, _ in !others.keys.contains { $0.goesWith(target) }
            }
        case .or(let one, let other):
            let ones = one.value(from: source)
            return ones.merging(
                other.value(from: source).filter { target, _ in !ones.keys.contains { $0.goesWith(target) } }
            ) { first, _ in first }
        case .not(let node):
            return node.value(from: source).isEmpty ? [Self.everything: 1] : [:]
        }
    }

    /// The numbers of targets that go together, under the one that has more labels.
    private static func joined(
        _ ones: [AlertTarget: Double], _ others: [AlertTarget: Double], _ result: (Double, Double) -> Double?
    ) -> [AlertTarget: Double] {
        var joined: [AlertTarget: Double] = [:]
        for (target, one) in ones {
            // Mostly the other side is a number, or has the same targets.
            if let other = others[target] ?? others[everything] {
                joined[target] = result(one, other)
                continue
            }
            for (partner, other) in others where partner.goesWith(target) {
                joined[partner.labels.count > target.labels.count ? partner : target] = result(one, other)
            }
        }
        return joined
    }

    private static func quantile(_ share: Double, of values: [TimedValue]) -> Double? {
        let sorted = values.map(\.value).sorted()
        guard let last = sorted.indices.last else { return nil }
        let place = share * Double(last)
        let (below, above) = (Int(place.rounded(.down)), Int(place.rounded(.up)))
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }

    private static func prediction(of values: [TimedValue], after horizon: Duration) -> Double? {
        let recent = values.suffix(Outlook.usefulCount)
        guard let first = recent.first, let last = recent.last else { return nil }
        return TheilSenLine(times: recent.map { ($0.at - first.at).inSeconds }, values: recent.map(\.value))?
            .value(at: (last.at - first.at + horizon).inSeconds)
    }
}

extension SeriesSelector {
    fileprivate func past(
        from source: some SeriesSource, within window: Duration
    ) -> [AlertTarget: [TimedValue]] {
        source.past(name, within: window).filter { selects($0.key) }
    }
}

extension AlertExpression.Arithmetic {
    /// Nothing where it is not a number, as a division by zero.
    fileprivate func result(_ one: Double, _ other: Double) -> Double? {
        let result =
            switch self {
            case .add: one + other
            case .subtract: one - other
            case .multiply: one * other
            case .divide: one / other
            }
        return result.isFinite ? result : nil
    }
}

extension AlertExpression.WindowFunction {
    fileprivate func value(of values: [TimedValue]) -> Double? {
        guard let first = values.first, let last = values.last else { return nil }
        switch self {
        case .average: return values.reduce(0) { $0 + $1.value } / Double(values.count)
        case .maximum: return values.reduce(first.value) { max($0, $1.value) }
        case .minimum: return values.reduce(first.value) { min($0, $1.value) }
        case .rate:
            let time = (last.at - first.at).inSeconds
            guard time > 0 else { return nil }
            // What counts from zero again was restarted; all that it has counted since then is new.
            let growth = zip(values, values.dropFirst()).reduce(0.0) { sum, pair in
                sum + (pair.1.value >= pair.0.value ? pair.1.value - pair.0.value : pair.1.value)
            }
            return growth / time
        }
    }
}

/// The last values of a series: each new one takes the place of the oldest once there are enough.
public struct RecentValues<Value> {
    /// How many are kept.
    public let capacity: Int
    private var values: [Value] = []
    /// Where the oldest stands once all places are taken.
    private var oldest = 0

    /// No values yet.
    ///
    /// - Parameter capacity: How many are kept, at least 1.
    public init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// How many there are.
    public var count: Int { values.count }

    /// Adds a value.
    public mutating func append(_ value: Value) {
        guard values.count == capacity else { return values.append(value) }
        values[oldest] = value
        oldest = (oldest + 1) % capacity
    }

    /// The values, oldest first.
    public var all: [Value] { Array(values[oldest...] + values[..<oldest]) }
}

extension RecentValues: Sendable where Value: Sendable {}
extension RecentValues: Equatable where Value: Equatable {}
extension RecentValues: Hashable where Value: Hashable {}

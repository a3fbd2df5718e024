/// What occurs most often, in a bounded piece of memory whatever comes along ("space saving", Metwally, Agrawal and
/// El Abbadi 2005).
///
/// Whatever makes up more than one `capacity`th of all occurrences is in it for certain. A count may be too high by at
/// most its `error`, and never too low.
public struct TopList<Item: Hashable & Sendable>: Sendable {
    /// One thing and how often it occurred.
    public struct Entry: Hashable, Sendable {
        /// The thing.
        public let item: Item
        /// How often it occurred at most.
        public let count: Int
        /// By how much that may be too high.
        public let error: Int
    }

    private struct Count: Sendable {
        var count: Int
        var error: Int
    }

    /// How many things are counted apart.
    public let capacity: Int
    private var counts: [Item: Count] = [:]

    /// A list of nothing.
    public init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Counts an occurrence.
    public mutating func add(_ item: Item) {
        if counts[item] != nil {
            counts[item]?.count += 1
        } else if counts.count < capacity {
            counts[item] = Count(count: 1, error: 0)
        } else if let least = counts.min(by: { $0.value.count < $1.value.count }) {
            counts[least.key] = nil
            counts[item] = Count(count: least.value.count + 1, error: least.value.count)
        }
    }

    /// How many things it holds.
    public var count: Int { counts.count }

    /// The things that occurred most often, the most frequent first.
    ///
    /// What may owe its place to others alone is left out.
    public func top(_ most: Int) -> [Entry] {
        let entries = counts.map { Entry(item: $0.key, count: $0.value.count, error: $0.value.error) }
        return Array(
            entries.filter { $0.count > 2 * $0.error || counts.count < capacity }
                .sorted { $0.count > $1.count }.prefix(most))
    }
}

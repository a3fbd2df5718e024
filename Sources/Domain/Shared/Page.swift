/// How many items a page of a list may have.
public enum PageSize {
    /// The least and the most.
    public static let range = 1...100
    /// The number when nothing else is said.
    public static let usual = 20

    /// The size nearest to `wished` that a page may have.
    public static func nearest(to wished: Int) -> Int {
        min(max(wished, range.lowerBound), range.upperBound)
    }
}

/// One page of a list that is read by keyset: the items and where the next page starts.
public struct Page<Item: Sendable, Cursor: Sendable>: Sendable {
    /// The items of this page, in the list's order.
    public let items: [Item]
    /// Where the next page starts, nil when this is the last one.
    public let next: Cursor?

    /// A page of `items`, followed by the one that starts at `next`.
    public init(items: [Item], next: Cursor?) {
        self.items = items
        self.next = next
    }

    /// The same page with each item changed.
    public func map<Other>(_ transform: (Item) throws -> Other) rethrows -> Page<Other, Cursor> {
        Page<Other, Cursor>(items: try items.map(transform), next: next)
    }
}

extension Page: Equatable where Item: Equatable, Cursor: Equatable {}

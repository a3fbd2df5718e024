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

import Domain

extension Identifier {
    /// Before every identifier that is ever made.
    static var first: Self { Self(high: 0, low: 0) }
    /// After every identifier that is ever made.
    static var last: Self { Self(high: .max, low: .max) }
}

extension Page {
    /// A page of the first `limit` of `items`, which were asked for with one more to tell whether others follow.
    init(upTo limit: Int, of items: [Item], cursor: (Item) -> Cursor) {
        guard items.count > limit, limit > 0 else {
            self.init(items: items, next: nil)
            return
        }
        self.init(items: Array(items.prefix(limit)), next: cursor(items[limit - 1]))
    }
}

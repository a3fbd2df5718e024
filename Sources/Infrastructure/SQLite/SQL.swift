import Synchronization

/// The text of a statement, made of literals alone: what comes from outside can only ever be a bound value.
///
/// A session keeps the compiled statement under the text's key, so a composed text must be a static constant.
package struct SQL: Sendable, ExpressibleByStringLiteral {
    private enum Text {
        case literal(StaticString)
        case composed(String)
    }

    /// The address of a literal, or a number that no address has.
    let key: UInt
    private let words: Text

    /// A statement that is one literal.
    package init(stringLiteral text: StaticString) {
        key = UInt(bitPattern: text.utf8Start)
        words = .literal(text)
    }

    /// A statement of several literals, for columns that several statements share.
    package init(_ parts: StaticString...) {
        key = Self.nextKey.wrappingAdd(1, ordering: .relaxed).newValue
        words = .composed(parts.map(\.description).joined(separator: " "))
    }

    private static let nextKey = Atomic<UInt>(0)

    /// The statement as SQLite reads it.
    package var text: String {
        switch words {
        case .literal(let text): text.description
        case .composed(let text): text
        }
    }
}

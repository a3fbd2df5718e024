/// A first or a last name.
public struct PersonName: Hashable, Sendable {
    /// How many Unicode scalars a name has, white space at its ends not counted.
    public static let length = 1...100

    /// The name as its owner writes it.
    public let text: String

    /// A name from what a person typed; white space at its ends is dropped.
    public init(_ text: String) throws(ProfileError) {
        let text = text.trimmed
        guard Self.length.contains(text.unicodeScalars.count) else { throw .nameLength }
        guard UnwritableCharacter(in: text) == nil else { throw .nameCharacters }
        self.text = text
    }
}

extension PersonName: CustomStringConvertible {
    /// The name as its owner writes it.
    public var description: String { text }
}

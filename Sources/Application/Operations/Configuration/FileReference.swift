/// A value that is kept in a file of its own, written `${file:/run/secrets/key}`.
public struct FileReference: Hashable, Sendable {
    /// How one begins.
    public static let opening = "${file:"
    /// The file, by its absolute path.
    public let path: String

    /// The reference that a text is; nil for any other text.
    ///
    /// - Throws: ``SettingRefusal`` for one that does not end, or whose path is not absolute.
    public init?(_ text: String) throws(SettingRefusal) {
        guard text.hasPrefix(Self.opening) else { return nil }
        let path = text.dropFirst(Self.opening.count).dropLast()
        guard text.hasSuffix("}"), path.hasPrefix("/"), !path.contains("}"), !path.contains("\0") else {
            throw SettingRefusal(expectation: "must name a file as ${file:/its/whole/path}")
        }
        self.path = String(path)
    }
}

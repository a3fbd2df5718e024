/// The name of a time zone in the IANA database, such as `Europe/Berlin`.
///
/// Only its form is checked here, strictly enough to be part of a file's path; whether there is such a zone is
/// known to who has the database.
public struct TimeZoneName: Hashable, Sendable {
    /// The zone of who has named none.
    public static let utc = TimeZoneName(stored: "UTC")
    /// The most characters of a name; the longest in the database has 32.
    public static let greatestLength = 64

    /// The name, in ASCII.
    public let text: String

    /// A name from what a person chose.
    public init(_ text: String) throws(ProfileError) {
        guard text.utf8.count <= Self.greatestLength, Self.isWellFormed(text) else { throw .timeZone }
        self.text = text
    }

    /// Restores a name as a store kept it.
    public init(stored text: String) {
        self.text = text
    }

    /// Whether it is groups of letters, digits, `_`, `+` and `-` that begin with a letter, joined by slashes.
    private static func isWellFormed(_ text: String) -> Bool {
        text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.first, first.isASCIILetter else { return false }
            return part.allSatisfy {
                $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "+")
                    || $0 == UInt8(ascii: "-")
            }
        }
    }
}

extension TimeZoneName: CustomStringConvertible {
    /// The name in the database.
    public var description: String { text }
}

extension UInt8 {
    var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

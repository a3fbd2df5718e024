/// Rules of the addresses that a person may give for a source.
public enum SourceAddress {
    /// The most characters of an address.
    public static let greatestLength = 2048

    /// Whether `text` can be an address to fetch: http or https, a host, no blanks or control characters.
    ///
    /// Where it leads is checked when connecting, on the resolved address.
    public static func isFetchable(_ text: String) -> Bool {
        guard text.utf8.count <= greatestLength, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            return false
        }
        let lowered = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lowered.hasPrefix) else { return false }
        let authority = lowered.utf8.dropFirst(scheme.utf8.count).prefix {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        let host = authority.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).last ?? []
        return !host.isEmpty && host.first != UInt8(ascii: ":")
    }

    /// The last part of the address' path, to show until the true file name is known.
    public static func provisionalName(of text: String) -> String {
        let path = text.prefix { $0 != "?" && $0 != "#" }
        let name = path.split(separator: "/").last.map(String.init) ?? text
        return String((name.isEmpty ? text : name).prefix(VideoTask.titleLength.upperBound))
    }
}

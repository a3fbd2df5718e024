/// The parameters of a query, decoded.
package struct Query: Sendable {
    /// Names and values in order; a value that cannot be decoded is nil.
    package let items: [(name: String, value: String?)]

    /// Reads `application/x-www-form-urlencoded` as browsers write it.
    package init(_ text: String?) {
        guard let text, !text.isEmpty else {
            items = []
            return
        }
        items = text.utf8.split(separator: UInt8(ascii: "&")).map { item in
            let parts = item.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.first.flatMap { PercentEncoding.decode($0, plusIsSpace: true) }
            let value = parts.count > 1 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
            return (name ?? String(Substring(parts.first ?? item)), name == nil ? nil : value)
        }
    }

    /// The values of one parameter.
    package func values(of name: String) -> [String] {
        items.compactMap { $0.name == name ? $0.value : nil }
    }

    /// What is wrong with it, whatever the parameters mean: names that are not `known`, broken encoding.
    package func faults(known: [String]) -> [Fault] {
        items.compactMap { item in
            if !known.contains(item.name) {
                let list = known.isEmpty ? "no parameter is" : "known are: \(known.joined(separator: ", "))"
                return Fault(.parameter(item.name), .unknown, known.isEmpty ? "\(list) taken here" : list)
            }
            return item.value == nil ? Fault(.parameter(item.name), .badFormat, "cannot be decoded") : nil
        }
    }
}

/// Where a provider is and how one is let in: configuration, never written into the program.
package struct ProviderAddress: Sendable {
    /// The base of its addresses, version included, such as `https://api.openai.com/v1`.
    package let base: String
    /// The secret that it knows us by; nil for servers that want none.
    package let key: String?

    /// An address; a slash at its end does not matter.
    package init(base: String, key: String? = nil) {
        self.base = String(base.reversed().drop { $0 == "/" }.reversed())
        self.key = key
    }

    /// The address of one of its functions.
    func url(_ path: String) -> String { base + path }

    /// The headers of a server that takes the key as a bearer token.
    var bearer: [(name: String, value: String)] {
        key.map { [("Authorization", "Bearer \($0)")] } ?? []
    }
}

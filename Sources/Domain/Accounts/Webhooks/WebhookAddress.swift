/// Where events are delivered to: an http or https address that holds no secret.
///
/// Where its name leads is checked when connecting, each time anew.
public struct WebhookAddress: Hashable, Sendable {
    /// What is expected of an address.
    public static let expectation =
        "must be an http or https address of at most \(SourceAddress.greatestLength) ASCII characters, "
        + "without a user or password"

    /// The address as it was given.
    public let text: String

    /// An address; nil when it cannot be one.
    ///
    /// A user and a password in it would stand in logs; the signature says already who sends.
    public init?(_ text: String) {
        guard SourceAddress.isFetchable(text), text.utf8.allSatisfy({ $0 < 0x7F }) else { return nil }
        self.text = text
        guard !host.contains("@"), !host.contains("\\") else { return nil }
    }

    /// The host with its port, as it stands in the address.
    public var host: String {
        String(text.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" })
    }

    /// An address as a store kept it.
    public init(stored text: String) {
        self.text = text
    }
}

public import Domain

/// From where somebody calls: for the audit trail, the list of sessions and the count of failed attempts.
public struct Origin: Hashable, Sendable {
    /// The server itself: a command that its operator runs there, or what comes about by itself.
    public static let server = Origin(address: nil, device: "")

    /// The address of who calls; nil when the server itself does.
    public let address: NetworkAddress?
    /// What the caller's program calls itself.
    public let device: String

    /// An origin.
    public init(address: NetworkAddress?, device: String) {
        self.address = address
        self.device = device
    }

    /// What failed attempts to sign in are counted for.
    var network: NetworkAddress? { address?.subscriber }
}

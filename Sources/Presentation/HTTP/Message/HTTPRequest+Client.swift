/// What a proxy that is believed says about the request that it hands on.
package struct Forwarding: Equatable, Sendable {
    /// Who sent the request to the outermost of the proxies that are believed.
    package var client: PeerAddress
    /// Whether that was over TLS; nil where the proxy does not say.
    package var isSecure: Bool?

    package init(client: PeerAddress, isSecure: Bool? = nil) {
        self.client = client
        self.isSecure = isSecure
    }
}

extension HTTPRequest {
    /// Who makes the request: the other end of the connection, or whoever a trusted proxy there speaks for.
    ///
    /// It is this, and not ``peer``, by which people are told apart.
    package var client: PeerAddress { forwarding?.client ?? peer }

    /// Whether the client's connection is protected by TLS, as far as that is known.
    package var isSecure: Bool { forwarding?.isSecure ?? isEncrypted }
}

extension NetworkAddress {
    /// What stands for whoever has this address when people are told apart by addresses: an IPv4 address itself,
    /// or the /64 of an IPv6 address, all of which one customer has (RFC 6177, section 2).
    public var subscriber: NetworkAddress {
        version4 == nil ? NetworkAddress(high: high, low: 0) : self
    }
}

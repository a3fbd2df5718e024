internal import Application
internal import Domain

/// How bans and allowed addresses stand on the wire.
enum BanWire {
    static let ban = JSONOutput<AddressBan>.object(
        "AddressBan", "All requests from an address are refused for a while.",
        [
            JSONField("address", .text, "The address, or the first of its /64.", example: "203.0.113.9") {
                $0.address.description
            },
            JSONField("reason", .text, "Why.", example: "tries passwords") { $0.reason },
            JSONField("automatic", .truth, "Whether the server wanted it by itself.") {
                $0.origin == .automatic
            },
            JSONField("strikes", .count, "How often it was banned of late.") { $0.strikes },
            JSONField("banned_at", .moment, "When it was banned.") { $0.bannedAt },
            JSONField("until", .moment, "Until when.") { $0.until },
        ])

    static let bans = JSONOutput<[AddressBan]>.object(
        "AddressBans", "The bans that hold now.",
        [JSONField("items", .list(of: ban), "Those that end first first.") { $0 }])

    static let allowed = JSONOutput<AllowedAddresses>.object(
        "AllowedAddresses", "Addresses that are never banned.",
        [
            JSONField("address", .text, "The address or block.", example: "192.0.2.0/24") {
                $0.range.description
            },
            JSONField("reason", .text, "Why.", example: "the office") { $0.reason },
            JSONField("added_at", .moment, "Since when.") { $0.addedAt },
        ])

    static let allowList = JSONOutput<[AllowedAddresses]>.object(
        "AllowList", "The addresses that are never banned.",
        [JSONField("items", .list(of: allowed), "The oldest first.") { $0 }])

    private static let reason = JSONInputField<String>.required(
        "reason", SingleLine.input(AddressBan.reasonLength), "Why.", example: "tries passwords")

    static let banInput: JSONInput<(address: NetworkAddress, reason: String, duration: Duration?)> = .object(
        "AddressBanInput", "An address to be banned.",
        JSONInputField<NetworkAddress>.required(
            "address", input(2...45, "must be an IPv4 or IPv6 address") { NetworkAddress($0) },
            "The address; of an IPv6 address its whole /64 is banned.", example: "203.0.113.9"),
        reason,
        JSONInputField<Int?>.optional(
            "duration_s", .nullable(.integer(AddressBan.seconds)),
            "How many seconds; ten minutes, doubled with each strike, when it is missing.", example: 3600,
            default: nil)
    ) { address, reason, seconds throws(Faults) in (address, reason, seconds.map { .seconds($0) }) }

    static let allowInput: JSONInput<(range: AddressRange, reason: String)> = .object(
        "AllowedAddressesInput", "Addresses that are never to be banned.",
        JSONInputField<AddressRange>.required(
            "address",
            input(2...49, "must be an address or a block such as 192.0.2.0/24") { AddressRange($0) },
            "The address or block.", example: "192.0.2.0/24"),
        reason
    ) { range, reason throws(Faults) in (range, reason) }

    /// A text that stands for something else.
    private static func input<Value: Sendable>(
        _ length: ClosedRange<Int>, _ expectation: String, _ read: @escaping @Sendable (String) -> Value?
    ) -> JSONInput<Value> {
        let text = JSONInput<String>.text(length: length)
        return JSONInput<Value>(text.schema) { document, pointer, faults in
            guard let written = text.decode(document, pointer, &faults) else { return nil }
            guard let value = read(written) else {
                faults.append(Fault(.body(pointer.text), .badFormat, expectation))
                return nil
            }
            return value
        }
    }
}

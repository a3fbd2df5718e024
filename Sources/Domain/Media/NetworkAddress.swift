/// An IP address: where a connection really leads, whatever name was asked for.
///
/// An IPv4 address is kept in its IPv6-mapped form (RFC 4291, section 2.5.5.2), so that both spellings of
/// one machine are one value.
public struct NetworkAddress: Hashable, Sendable {
    /// The first eight bytes of the IPv6 form, big-endian.
    public let high: UInt64
    /// The last eight bytes of the IPv6 form, big-endian.
    public let low: UInt64

    private static let mappedPrefix: UInt64 = 0xFFFF

    /// An IPv6 address from its halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An IPv4 address from its 32 bits, the first number uppermost.
    public init(version4 bits: UInt32) {
        high = 0
        low = Self.mappedPrefix << 32 | UInt64(bits)
    }

    /// The 32 bits of an IPv4 address, mapped ones included; nil for any other.
    public var version4: UInt32? {
        high == 0 && low >> 32 == Self.mappedPrefix ? UInt32(truncatingIfNeeded: low) : nil
    }

    /// Parses `192.0.2.1`, `2001:db8::1` or `::ffff:192.0.2.1`; nil for anything else.
    ///
    /// Shortened, octal and hexadecimal forms of IPv4 (`127.1`, `0177.0.0.1`) are not addresses here.
    public init?(_ text: some StringProtocol) {
        if let bits = Self.parseVersion4(text) {
            self.init(version4: bits)
        } else if let (high, low) = Self.parseVersion6(text) {
            self.init(high: high, low: low)
        } else {
            return nil
        }
    }

    private static func parseVersion4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else {
                return nil
            }
            var number: UInt32 = 0
            for byte in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                number = number * 10 + UInt32(byte - UInt8(ascii: "0"))
            }
            guard number <= 255 else { return nil }
            bits = bits << 8 | number
        }
        return bits
    }

    private static func parseVersion6(_ text: some StringProtocol) -> (UInt64, UInt64)? {
        guard text.utf8.count <= 45, text.contains(":") else { return nil }
        // At most one "::" stands for as many zero groups as are missing (RFC 4291, section 2.2).
        let bytes = Array(text.utf8)
        let colon = UInt8(ascii: ":")
        let gaps = bytes.indices.dropLast().filter { bytes[$0] == colon && bytes[$0 + 1] == colon }
        guard gaps.count <= 1 else { return nil }
        let groups: [UInt16]
        if let gap = gaps.first {
            guard let head = parseGroups(bytes[..<gap], mayBeDotted: false),
                let tail = parseGroups(bytes[(gap + 2)...]),
                head.count + tail.count < 8
            else { return nil }
            groups = head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
        } else {
            guard let all = parseGroups(bytes[...]), all.count == 8 else { return nil }
            groups = all
        }
        let halves = groups.map(UInt64.init)
        return (
            halves[0] << 48 | halves[1] << 32 | halves[2] << 16 | halves[3],
            halves[4] << 48 | halves[5] << 32 | halves[6] << 16 | halves[7]
        )
    }

    private static func parseGroups(_ bytes: ArraySlice<UInt8>, mayBeDotted: Bool = true) -> [UInt16]? {
        guard !bytes.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let text = String(decoding: part, as: UTF8.self)
            if mayBeDotted, index == parts.count - 1, let bits = parseVersion4(text) {
                groups.append(UInt16(bits >> 16))
                groups.append(UInt16(truncatingIfNeeded: bits))
            } else {
                guard (1...4).contains(part.count), text.utf8.first != UInt8(ascii: "+"),
                    let group = UInt16(text, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// Dotted numbers for IPv4, eight unshortened groups for IPv6.
    public var description: String {
        if let bits = version4 {
            return [bits >> 24, bits >> 16 & 255, bits >> 8 & 255, bits & 255].map(String.init)
                .joined(separator: ".")
        }
        return [high, low].flatMap { half in
            stride(from: 48, through: 0, by: -16).map { String(half >> UInt64($0) & 0xFFFF, radix: 16) }
        }.joined(separator: ":")
    }
}

/// A block of addresses that share their first bits, written `10.0.0.0/8` or `fd00::/8` (CIDR, RFC 4632).
public struct AddressRange: Hashable, Sendable {
    /// The first address of the block.
    public let first: NetworkAddress
    /// How many leading bits of the IPv6 form are shared, 0–128.
    public let prefixLength: Int

    private var masks: (high: UInt64, low: UInt64) {
        (
            prefixLength >= 64 ? .max : ~(UInt64.max >> UInt64(prefixLength)),
            prefixLength <= 64 ? 0 : ~(UInt64.max >> UInt64(prefixLength - 64))
        )
    }

    /// Parses a block; an address alone is a block of one.
    ///
    /// Nil when it is malformed, or when bits beyond the prefix are set, which is more often a slip than a wish.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = NetworkAddress(parts[0]) else { return nil }
        let isVersion4 = !parts[0].contains(":")
        let bits = isVersion4 ? 32 : 128
        var length = bits
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let stated = Int(parts[1]), stated <= bits
            else { return nil }
            length = stated
        }
        self.first = first
        prefixLength = isVersion4 ? length + 96 : length
        guard first.high & ~masks.high == 0, first.low & ~masks.low == 0 else { return nil }
    }

    /// Whether `address` lies in the block.
    public func contains(_ address: NetworkAddress) -> Bool {
        let masks = masks
        return address.high & masks.high == first.high && address.low & masks.low == first.low
    }
}

extension AddressRange: CustomStringConvertible {
    /// The block as it is written in configuration.
    public var description: String {
        "\(first)/\(first.version4 == nil || prefixLength < 96 ? prefixLength : prefixLength - 96)"
    }
}

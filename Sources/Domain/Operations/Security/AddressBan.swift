/// All requests from an address are refused for a while, twice as long each time.
public struct AddressBan: Hashable, Sendable {
    /// Who wanted it.
    public enum Origin: Hashable, Sendable {
        /// The server, by what came from there.
        case automatic
        /// An administrator.
        case administrator(Identifier<User>)
    }

    /// How many Unicode scalars a reason has.
    public static let reasonLength = 1...200
    /// How many seconds a ban that somebody asks for lasts: up to a year.
    public static let seconds = 1...31_536_000

    /// The subscriber that is banned: an IPv4 address, or the first of an IPv6 /64.
    public let address: NetworkAddress
    /// Why.
    public let reason: String
    /// Who wanted it.
    public let origin: Origin
    /// How often it was banned of late, at least 1.
    public let strikes: Int
    /// When it was banned.
    public let bannedAt: Timestamp
    /// Until when; from then on it is served again.
    public let until: Timestamp

    /// A ban as it is kept.
    public init(
        address: NetworkAddress, reason: String, origin: Origin, strikes: Int, bannedAt: Timestamp,
        until: Timestamp
    ) {
        self.address = address.subscriber
        self.reason = String(reason.unicodeScalars.prefix(Self.reasonLength.upperBound))
        self.origin = origin
        self.strikes = max(1, strikes)
        self.bannedAt = bannedAt
        self.until = until
    }

    /// Whether it holds at that moment.
    public func holds(at now: Timestamp) -> Bool { now < until }
}

/// For how long who is banned.
public struct BanPolicy: Hashable, Sendable {
    /// How many points of hostile events bring about a ban.
    public var threshold: Double
    /// After what time half of those points are gone.
    public var halfLife: Duration
    /// How long the first ban lasts.
    public var first: Duration
    /// The longest that a ban lasts which nobody decides on.
    public var longest: Duration
    /// After what time without a ban one strike is forgotten.
    public var forgiveness: Duration

    /// Three grave attacks within a few minutes; ten minutes, then twice as long each time up to a day; a strike is
    /// forgotten after a day.
    public static let ordinary = BanPolicy(
        threshold: 45, halfLife: .seconds(600), first: .seconds(600), longest: .seconds(86_400),
        forgiveness: .seconds(86_400))

    /// A policy.
    public init(
        threshold: Double, halfLife: Duration, first: Duration, longest: Duration, forgiveness: Duration
    ) {
        self.threshold = threshold
        self.halfLife = halfLife
        self.first = first
        self.longest = longest
        self.forgiveness = forgiveness
    }

    /// The strikes of a former ban that are not forgiven.
    public func strikes(of former: AddressBan, at now: Timestamp) -> Int {
        guard now > former.until else { return former.strikes }
        let forgiven = (now - former.until).inSeconds / forgiveness.inSeconds
        return max(0, former.strikes - Int(nearest: forgiven.rounded(.down)))
    }

    /// The next ban of an address.
    ///
    /// - Parameters:
    ///   - former: The last one that is remembered of it.
    ///   - duration: How long it lasts; nil for as long as the strikes have it.
    public func ban(
        _ address: NetworkAddress, because reason: String, by origin: AddressBan.Origin,
        after former: AddressBan?, for duration: Duration? = nil, at now: Timestamp
    ) -> AddressBan {
        let strikes = (former.map { self.strikes(of: $0, at: now) } ?? 0) + 1
        let doubled = first.inSeconds * power(2, Double(min(strikes - 1, 40)))
        let lasting = duration ?? .seconds(min(doubled, longest.inSeconds))
        return AddressBan(
            address: address, reason: reason, origin: origin, strikes: strikes, bannedAt: now,
            until: now + lasting)
    }
}

/// Addresses that are never banned.
public struct AllowedAddresses: Hashable, Sendable {
    /// The block of addresses.
    public let range: AddressRange
    /// Why.
    public let reason: String
    /// Since when.
    public let addedAt: Timestamp

    /// Addresses that are never banned.
    public init(range: AddressRange, reason: String, addedAt: Timestamp) {
        self.range = range
        self.reason = String(reason.unicodeScalars.prefix(AddressBan.reasonLength.upperBound))
        self.addedAt = addedAt
    }
}

extension NetworkAddress {
    /// Whether it leads back to this machine: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        if let bits = version4 { return bits >> 24 == 127 }
        return high == 0 && low == 1
    }
}

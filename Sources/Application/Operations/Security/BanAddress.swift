public import Domain

/// Why an address is not banned, or its ban not lifted.
public enum BanError: CodedError, Equatable {
    /// It is this machine, a trusted proxy, or allowed.
    case exempt
    /// The reason is missing or too long.
    case reason

    /// The stable code.
    public var code: String {
        switch self {
        case .exempt: "address_exempt"
        case .reason: "ban_reason"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .exempt:
            "This machine, trusted proxies and allowed addresses are never banned. Take it off the list first."
        case .reason: "A reason has 1–200 characters."
        }
    }
}

/// Refuses all requests from an address for a while.
public struct BanAddress: Sendable {
    private let desk: AccountDesk
    private let bans: BanList

    /// The use case over its ports.
    public init(desk: AccountDesk, bans: BanList) {
        self.desk = desk
        self.bans = bans
    }

    /// Bans an address, from the answer on.
    ///
    /// - Parameter duration: How long; nil for ten minutes, doubled with each strike.
    /// - Throws: ``Domain/AccessError``, ``BanError``.
    public func callAsFunction(
        _ address: NetworkAddress, because reason: String, for duration: Duration? = nil, by caller: Caller,
        from origin: Origin
    ) async throws -> AddressBan {
        try caller.require(.admin)
        guard AddressBan.reasonLength.contains(reason.unicodeScalars.count) else { throw BanError.reason }
        guard bans.canBan(address) else { throw BanError.exempt }
        let deed = desk.deed(by: caller, from: origin)
        // One that is being written behind its back must not come after it.
        await bans.settle()
        let ban = bans.next(address, because: reason, by: caller.user, for: duration, at: deed.now)
        try await desk.store.write { writer in
            try writer.banWriter.put(ban)
            try writer.note(.addressBanned, on: ban.subject, of: deed, detail: reason)
        }
        bans.take(ban)
        return ban
    }
}

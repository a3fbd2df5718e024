public import Domain
import Synchronization

/// From where nothing is served: the bans of this process in memory, kept in the store behind its back.
///
/// It is asked first of all about each request, and costs nothing while nobody is banned. Never banned are this machine
/// itself, the proxies that are trusted (behind which everyone is), and the addresses that an administrator allows.
public final class BanList: Sendable {
    /// The most bans that are held at once; then those go that would end first.
    public static let mostBans = 100_000

    private struct State {
        var bans: [NetworkAddress: AddressBan] = [:]
        var allowed: [AllowedAddresses] = []
        /// The writes that are under way, one after the other.
        var writing: Task<Void, Never>?
    }

    /// For how long who is banned.
    public let policy: BanPolicy
    private let proxies: [AddressRange]
    private let desk: AccountDesk
    private let log: (any Log)?
    private let count = Atomic<Int>(0)
    private let state = Mutex(State())

    /// A list of nobody; see ``load()``.
    ///
    /// - Parameter proxies: The proxies that are trusted.
    public init(
        policy: BanPolicy = .ordinary, proxies: [AddressRange] = [], desk: AccountDesk, log: (any Log)? = nil
    ) {
        self.policy = policy
        self.proxies = proxies
        self.desk = desk
        self.log = log
    }

    /// Takes over what the store keeps.
    public func load() throws {
        let (bans, allowed) = try desk.store.read { (try $0.bans.all(), try $0.bans.allowed()) }
        state.withLock { state in
            // One that was being written while its address was allowed does not come back.
            let held = bans.filter { ban in !allowed.contains { Self.meets(ban.address, $0.range) } }
            state.bans = Dictionary(held.map { ($0.address, $0) }) { _, last in last }
            state.allowed = allowed
            count.store(state.bans.count, ordering: .releasing)
        }
    }

    /// Whether nobody is banned.
    public var isEmpty: Bool { count.load(ordering: .acquiring) == 0 }

    /// The ban under which requests from an address are refused now.
    public func ban(of address: NetworkAddress?) -> AddressBan? {
        guard !isEmpty, let address else { return nil }
        let ban = state.withLock { $0.bans[address.subscriber] }
        return ban.flatMap { $0.holds(at: desk.clock.now()) ? $0 : nil }
    }

    /// The bans that hold now, those that end first first.
    public var present: [AddressBan] {
        let now = desk.clock.now()
        return state.withLock { state in
            state.bans.values.filter { $0.holds(at: now) }
        }.sorted { ($0.until, $0.address.description) < ($1.until, $1.address.description) }
    }

    /// The addresses that are never banned by an administrator's word.
    public var allowed: [AllowedAddresses] { state.withLock { $0.allowed } }

    /// Whether an address can be banned at all.
    public func canBan(_ address: NetworkAddress) -> Bool {
        !address.isLoopback && !proxies.contains { Self.meets(address, $0) }
            && !allowed.contains { Self.meets(address, $0.range) }
    }

    /// Whether a ban of an address would take along somebody of a block: of IPv6 a whole /64 is banned.
    static func meets(_ address: NetworkAddress, _ range: AddressRange) -> Bool {
        let whole = address.subscriber
        return range.contains(address) || range.contains(whole) || range.first.subscriber == whole
    }

    /// Bans an address because of what came from there; nil when it cannot be, or is banned already.
    func ban(_ address: NetworkAddress, because reason: String) -> AddressBan? {
        guard canBan(address) else { return nil }
        let deed = desk.deed(by: .server, from: .server)
        let ban = state.withLock { state -> AddressBan? in
            let former = state.bans[address.subscriber]
            if let former, former.holds(at: deed.now) { return nil }
            let ban = policy.ban(address, because: reason, by: .automatic, after: former, at: deed.now)
            hold(ban, in: &state)
            return ban
        }
        guard let ban else { return nil }
        keep { writer in
            try writer.banWriter.put(ban)
            try writer.note(.addressBanned, on: ban.subject, of: deed, detail: reason)
        }
        return ban
    }

    // MARK: What administrators do, once it is kept

    /// The ban that an administrator's word brings about.
    func next(
        _ address: NetworkAddress, because reason: String, by user: Identifier<User>, for duration: Duration?,
        at now: Timestamp
    ) -> AddressBan {
        let former = state.withLock { $0.bans[address.subscriber] }
        return policy.ban(
            address, because: reason, by: .administrator(user), after: former, for: duration, at: now)
    }

    func take(_ ban: AddressBan) { state.withLock { hold(ban, in: &$0) } }

    func lift(_ address: NetworkAddress) {
        state.withLock { state in
            state.bans[address.subscriber] = nil
            count.store(state.bans.count, ordering: .releasing)
        }
    }

    func allow(_ allowed: AllowedAddresses) {
        state.withLock { state in
            state.allowed.removeAll { $0.range == allowed.range }
            state.allowed.append(allowed)
            state.bans = state.bans.filter { !Self.meets($0.key, allowed.range) }
            count.store(state.bans.count, ordering: .releasing)
        }
    }

    func disallow(_ range: AddressRange) {
        state.withLock { $0.allowed.removeAll { $0.range == range } }
    }

    /// Waits for what is being written behind its back.
    public func settle() async {
        await state.withLock { $0.writing }?.value
    }

    private func hold(_ ban: AddressBan, in state: inout State) {
        state.bans[ban.address] = ban
        if state.bans.count > Self.mostBans,
            let first = state.bans.min(by: { $0.value.until < $1.value.until })
        {
            state.bans[first.key] = nil
        }
        count.store(state.bans.count, ordering: .releasing)
    }

    private func keep(_ body: @escaping @Sendable (any StoreWriter) throws -> Void) {
        state.withLock { state in
            state.writing = Task { [former = state.writing, desk, log] in
                await former?.value
                do { try await desk.store.write(body) } catch {
                    log?.write(.warning, "a ban is not kept", ["reason": .text("\(error)")])
                }
            }
        }
    }
}

extension AddressBan {
    /// What the audit trail says it was done to.
    var subject: AuditEntry.Subject { .thing(kind: "address", id: address.description, owner: nil) }
}

extension AllowedAddresses {
    /// What the audit trail says it was done to.
    var subject: AuditEntry.Subject { .thing(kind: "address", id: range.description, owner: nil) }
}

public import Domain
import Synchronization

/// Something that was seen at the edge.
public struct Sighting: Hashable, Sendable {
    /// What it looks like.
    public var kind: SecurityEvent.Kind
    /// How bad it is.
    public var level: SecurityEvent.Level
    /// From where; nil when that is not known.
    public var address: NetworkAddress?
    /// What the client's program calls itself.
    public var agent: String
    /// The method of the request.
    public var method: String
    /// The path that was asked for.
    public var path: String
    /// What was found out.
    public var detail: String
    /// What was done about it.
    public var action: SecurityEvent.Action
    /// By what the request is found in the log.
    public var requestID: String

    /// A sighting.
    public init(
        _ kind: SecurityEvent.Kind, _ level: SecurityEvent.Level, from address: NetworkAddress?,
        agent: String,
        method: String, path: String, detail: String, action: SecurityEvent.Action, requestID: String
    ) {
        self.kind = kind
        self.level = level
        self.address = address
        self.agent = agent
        self.method = method
        self.path = path
        self.detail = detail
        self.action = action
        self.requestID = requestID
    }
}

/// Which events are asked for; nil is any.
public struct SecurityEventFilter: Hashable, Sendable {
    /// What it looks like.
    public var kind: SecurityEvent.Kind?
    /// How bad it is, at least.
    public var level: SecurityEvent.Level?
    /// From where, by subscriber.
    public var address: NetworkAddress?
    /// From this moment on.
    public var since: Timestamp?

    /// All events.
    public init() {}

    func takes(_ event: SecurityEvent) -> Bool {
        (kind == nil || event.kind == kind) && level.map { event.level >= $0 } ?? true
            && (address == nil || event.address?.subscriber == address?.subscriber)
            && since.map { event.at >= $0 } ?? true
    }
}

/// Keeps what was seen at the edge, in memory that no client can make grow, and bans who does harm.
public final class SecurityWatch: Sendable {
    /// How many events are remembered.
    public static let mostEvents = 10_000
    /// For how long.
    public static let memory = Duration.seconds(86_400)
    /// Of how many addresses it is known at once how hostile they are.
    public static let mostAddresses = 4096

    /// What was counted since the process began.
    public struct Totals: Hashable, Sendable {
        /// All events.
        public var events = 0
        /// By what they look like.
        public var byKind: [SecurityEvent.Kind: Int] = [:]
        /// By how bad they are.
        public var byLevel: [SecurityEvent.Level: Int] = [:]
        /// By what was done.
        public var byAction: [SecurityEvent.Action: Int] = [:]
    }

    /// What occurs most often.
    public struct Tops: Sendable {
        /// Where events come from.
        public fileprivate(set) var addresses = TopList<NetworkAddress>(capacity: 256)
        /// What is asked for.
        public fileprivate(set) var paths = TopList<String>(capacity: 256)
        /// What clients call themselves.
        public fileprivate(set) var agents = TopList<String>(capacity: 128)
    }

    /// Takes an event and must not block or call the watch; false lets the follower go.
    public typealias Delivery = @Sendable (SecurityEvent) -> Bool

    fileprivate struct State {
        var ring: [SecurityEvent] = []
        /// Where in the ring the oldest event stands, once it is full.
        var start = 0
        var number: Int64 = 0
        var totals = Totals()
        var tops = Tops()
        var byAddress = CountMinSketch()
        var hostility: [NetworkAddress: RiskScore] = [:]
        var followers: [Int: Delivery] = [:]
        var nextFollower = 0
        var detectionRate: Double?
        /// When it was last told of each address that it is banned and goes on asking.
        var lastTold: [NetworkAddress: Timestamp] = [:]
    }

    private let identifiers: IdentifierMaker
    private let clock: any WallClock
    private let bans: BanList
    private let bansByItself: Bool
    private let state = Mutex(State())

    /// A watch that has seen nothing.
    ///
    /// - Parameter bansByItself: Whether who does harm is banned without anybody's word.
    public init(bans: BanList, bansByItself: Bool, identifiers: IdentifierMaker, clock: any WallClock) {
        self.bans = bans
        self.bansByItself = bansByItself
        self.identifiers = identifiers
        self.clock = clock
    }

    /// Keeps a sighting, tells followers, and bans where it has been enough.
    public func record(_ sighting: Sighting) {
        let now = clock.now()
        let id: Identifier<SecurityEvent> = identifiers.make()
        let (event, deliveries, isEnough) = state.withLock { state in
            state.number += 1
            let event = SecurityEvent(
                id: id, number: state.number, at: now, kind: sighting.kind, level: sighting.level,
                address: sighting.address, agent: sighting.agent, method: sighting.method,
                path: sighting.path, detail: sighting.detail, action: sighting.action,
                requestID: sighting.requestID)
            state.add(event)
            return (event, state.followers, state.judge(event, by: bans.policy))
        }
        for (id, deliver) in deliveries where !deliver(event) {
            state.withLock { $0.followers[id] = nil }
        }
        guard isEnough, bansByItself, let address = event.address,
            let ban = bans.ban(address, because: "hostile requests, last \(event.kind.rawValue)")
        else { return }
        state.withLock { $0.hostility[address.subscriber] = nil }
        var told = sighting
        told.kind = .suspiciousActivity
        told.level = .high
        told.action = .banned
        told.detail = "banned for \(Int((ban.until - ban.bannedAt).inSeconds)) s, strike \(ban.strikes)"
        record(told)
    }

    /// Keeps that a request was refused since its address is banned, at most once a minute for each.
    ///
    /// Who is banned and goes on asking must not push out what is worth remembering.
    public func recordBanned(_ sighting: @autoclosure () -> Sighting, from address: NetworkAddress?) {
        let now = clock.now()
        let isNews = state.withLock { state in
            guard let address = address?.subscriber else { return true }
            if let last = state.lastTold[address], now - last < .seconds(60) {
                state.totals.byAction[.banned, default: 0] += 1
                return false
            }
            if state.lastTold.count >= Self.mostAddresses { state.lastTold = [:] }
            state.lastTold[address] = now
            return true
        }
        if isNews { record(sighting()) }
    }

    /// The events that are remembered, oldest first.
    public func events(_ filter: SecurityEventFilter = SecurityEventFilter()) -> [SecurityEvent] {
        let oldest = clock.now() - Self.memory
        return state.withLock { state in
            (state.ring[state.start...] + state.ring[..<state.start]).filter {
                $0.at >= oldest && filter.takes($0)
            }
        }
    }

    /// What was counted since the process began.
    public var totals: Totals { state.withLock { $0.totals } }
    /// What occurs most often, since the process began.
    public var tops: Tops { state.withLock { $0.tops } }

    /// How many events came from an address since the process began: perhaps a few more than there were.
    public func count(of address: NetworkAddress) -> Int {
        state.withLock { Int($0.byAddress.estimate(Self.hash(of: address.subscriber))) }
    }

    /// How hostile an address is now, in points.
    public func hostility(of address: NetworkAddress) -> Double {
        let now = clock.now()
        return state.withLock { $0.hostility[address.subscriber]?.value(at: now) ?? 0 }
    }

    /// The share of attacks that the last trial found; nil before any.
    public internal(set) var detectionRate: Double? {
        get { state.withLock { $0.detectionRate } }
        set { state.withLock { $0.detectionRate = newValue } }
    }

    /// Keeps a follower registered for as long as it is held.
    public final class Subscription: Sendable {
        private let cancel: @Sendable () -> Void

        fileprivate init(cancel: @escaping @Sendable () -> Void) { self.cancel = cancel }

        deinit { cancel() }
    }

    /// Tells of what is seen from now on, and before that of what is remembered after an event; nothing of it for nil.
    func follow(after last: Int64?, _ deliver: @escaping Delivery) -> Subscription {
        let id = state.withLock { state in
            if let last {
                let missed = state.ring[state.start...] + state.ring[..<state.start]
                for event in missed where event.number > last { _ = deliver(event) }
            }
            state.nextFollower += 1
            state.followers[state.nextFollower] = deliver
            return state.nextFollower
        }
        return Subscription { [weak self] in self?.state.withLock { $0.followers[id] = nil } }
    }

    fileprivate static func hash(of address: NetworkAddress) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(address)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

extension SecurityWatch.State {
    fileprivate mutating func add(_ event: SecurityEvent) {
        if ring.count < SecurityWatch.mostEvents {
            ring.append(event)
        } else {
            ring[start] = event
            start = (start + 1) % ring.count
        }
        totals.events += 1
        totals.byKind[event.kind, default: 0] += 1
        totals.byLevel[event.level, default: 0] += 1
        totals.byAction[event.action, default: 0] += 1
        tops.paths.add(event.path)
        tops.agents.add(event.agent)
        if let address = event.address?.subscriber {
            tops.addresses.add(address)
            byAddress.add(SecurityWatch.hash(of: address))
        }
    }

    /// Whether an address has done enough harm to be banned.
    fileprivate mutating func judge(_ event: SecurityEvent, by policy: BanPolicy) -> Bool {
        guard event.kind.isHostile, let address = event.address?.subscriber else { return false }
        if hostility[address] == nil, hostility.count >= SecurityWatch.mostAddresses {
            makeRoom(at: event.at)
        }
        hostility[address, default: RiskScore(halfLife: policy.halfLife)].add(
            event.level.weight, at: event.at)
        return hostility[address].map { $0.value(at: event.at) >= policy.threshold } ?? false
    }

    /// Forgets the less hostile half; nobody inherits anything, so that nobody is banned for others.
    private mutating func makeRoom(at now: Timestamp) {
        let values = hostility.values.map { $0.value(at: now) }.sorted()
        let median = values[values.count / 2]
        hostility = hostility.filter { $0.value.value(at: now) > median }
        if hostility.count >= SecurityWatch.mostAddresses { hostility = [:] }
    }
}

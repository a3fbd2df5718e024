import Application
import Domain
import Synchronization
import Testing

@Suite("From where nothing is served")
struct BanTests {
    private let clock = InMemoryClock()
    private let store = InMemoryStore()
    private let desk: AccountDesk
    private let identifiers: IdentifierMaker
    private let stranger = NetworkAddress(version4: 0xCB00_7109)

    init() {
        identifiers = IdentifierMaker(clock: clock, random: SeededRandomSource(seed: 3))
        desk = AccountDesk(store: store, identifiers: identifiers, clock: clock)
    }

    private func list(proxies: [String] = []) -> BanList {
        BanList(proxies: proxies.compactMap { AddressRange($0) }, desk: desk)
    }

    private func watch(_ bans: BanList, bansByItself: Bool = true) -> SecurityWatch {
        SecurityWatch(bans: bans, bansByItself: bansByItself, identifiers: identifiers, clock: clock)
    }

    private func sighting(
        _ kind: SecurityEvent.Kind = .sqlInjection, _ level: SecurityEvent.Level = .critical,
        from address: NetworkAddress? = nil, path: String = "/"
    ) -> Sighting {
        Sighting(
            kind, level, from: address ?? stranger, agent: "curl", method: "GET", path: path, detail: "x",
            action: .refused, requestID: "r")
    }

    private func trail() throws -> [AuditEntry] {
        try store.read { try $0.audit.page(AuditFilter(), limit: 50, before: nil).items }
    }

    @Test("O44: who goes on attacking is banned by itself, kept, audited, and served again when it is over")
    func automatic() async throws {
        let bans = list()
        let watch = watch(bans)
        for _ in 0..<2 { watch.record(sighting()) }
        #expect(bans.isEmpty && bans.ban(of: stranger) == nil)
        watch.record(sighting())
        let ban = try #require(bans.ban(of: stranger))
        #expect(ban.strikes == 1 && ban.origin == .automatic)
        await bans.settle()
        #expect(try store.read { try $0.bans.all() } == [ban])
        #expect(try trail().map(\.action) == [.addressBanned])
        let told = try #require(watch.events().last)
        #expect(told.action == .banned && told.detail.contains("strike 1"))
        clock.set(to: ban.until)
        #expect(bans.ban(of: stranger) == nil)
    }

    @Test(
        "O44: what happens to the innocent bans nobody, however often",
        arguments: [
            SecurityEvent.Kind.rateLimitExceeded, .authenticationFailure, .authorizationViolation,
            .suspiciousActivity,
        ])
    func innocent(kind: SecurityEvent.Kind) {
        let bans = list()
        let watch = watch(bans)
        for _ in 0..<1_000 { watch.record(sighting(kind, .high)) }
        #expect(bans.isEmpty)
    }

    @Test("O44: an attack now and then bans nobody, and no mode but block bans by itself")
    func seldom() {
        let bans = list()
        let patient = watch(bans)
        for _ in 0..<20 {
            patient.record(sighting())
            clock.advance(by: .seconds(1800))
        }
        #expect(bans.isEmpty)
        let watching = watch(bans, bansByItself: false)
        for _ in 0..<20 { watching.record(sighting()) }
        #expect(bans.isEmpty)
    }

    @Test(
        "O44: this machine, trusted proxies, allowed addresses and who shares a /64 with them are never banned",
        arguments: ["127.0.0.1", "::1", "10.1.2.3", "2001:db8::9", "192.0.2.200"])
    func exempt(text: String) async throws {
        let bans = list(proxies: ["10.0.0.0/8", "2001:db8::1"])
        let allowed = try #require(AddressRange("192.0.2.0/24"))
        _ = try await AllowAddresses(desk: desk, bans: bans)(
            allowed, because: "the office", by: .local, from: .server)
        let address = try #require(NetworkAddress(text))
        let watch = watch(bans)
        for _ in 0..<20 { watch.record(sighting(from: address)) }
        #expect(bans.isEmpty)
        await #expect(throws: BanError.exempt) {
            _ = try await BanAddress(desk: desk, bans: bans)(
                address, because: "x", by: .local, from: .server)
        }
    }

    @Test("O44: an administrator's ban holds from the answer on, survives a restart, and can be lifted")
    func byHand() async throws {
        let bans = list()
        let ban = try await BanAddress(desk: desk, bans: bans)(
            stranger, because: "tries passwords", for: .seconds(60), by: .local, from: .server)
        #expect(bans.ban(of: stranger) == ban)
        let restarted = list()
        #expect(restarted.ban(of: stranger) == nil)
        try restarted.load()
        #expect(restarted.ban(of: stranger) == ban)
        #expect(try ListBans(bans: restarted)(by: .local) == [ban])
        try await LiftBan(desk: desk, bans: restarted)(stranger, by: .local, from: .server)
        #expect(restarted.ban(of: stranger) == nil)
        #expect(try store.read { try $0.bans.all() }.isEmpty)
        #expect(try Set(trail().map(\.action)) == [.addressBanned, .banLifted])
        await #expect(throws: NotFound.ban) {
            try await LiftBan(desk: desk, bans: restarted)(stranger, by: .local, from: .server)
        }
    }

    @Test("O44: to allow addresses lifts their bans; to take them off the list lets them be banned again")
    func allowing() async throws {
        let bans = list()
        let range = try #require(AddressRange("203.0.113.0/24"))
        _ = try await BanAddress(desk: desk, bans: bans)(stranger, because: "x", by: .local, from: .server)
        let allowed = try await AllowAddresses(desk: desk, bans: bans)(
            range, because: "a customer", by: .local, from: .server)
        #expect(bans.ban(of: stranger) == nil && bans.isEmpty)
        let restarted = list()
        try restarted.load()
        #expect(restarted.isEmpty && restarted.allowed == [allowed])
        try await DisallowAddresses(desk: desk, bans: restarted)(range, by: .local, from: .server)
        #expect(restarted.canBan(stranger))
    }

    @Test("O44, O48: none of it is for a user who is no administrator")
    func administrators() async throws {
        let bans = list()
        let watch = watch(bans)
        let user = Caller(user: User.local, role: .user, means: .local)
        await #expect(throws: AccessError.self) {
            _ = try await BanAddress(desk: desk, bans: bans)(stranger, because: "x", by: user, from: .server)
        }
        #expect(throws: AccessError.self) { _ = try ListBans(bans: bans)(by: user) }
        #expect(throws: AccessError.self) { _ = try ListSecurityEvents(watch: watch)(by: user) }
        #expect(throws: AccessError.self) {
            _ = try FollowSecurityEvents(watch: watch)(by: user, after: nil) { _ in true }
        }
        #expect(throws: AccessError.self) {
            _ = try GetSecurityReport(watch: watch, bans: bans, clock: clock)(hours: 1, by: user)
        }
    }

    @Test("O47: whoever comes along with whatever, what is remembered is bounded")
    func bounded() {
        let watch = watch(list())
        for number in 0..<UInt32(SecurityWatch.mostEvents + 2_000) {
            watch.record(
                sighting(.pathTraversal, .high, from: NetworkAddress(version4: number), path: "/\(number)"))
        }
        let events = watch.events()
        #expect(events.count == SecurityWatch.mostEvents)
        #expect(events.map(\.number) == Array(2_001...Int64(SecurityWatch.mostEvents + 2_000)))
        #expect(watch.totals.events == SecurityWatch.mostEvents + 2_000)
        #expect(watch.tops.addresses.count <= 256 && watch.tops.paths.count <= 256)
        clock.advance(by: SecurityWatch.memory + .seconds(1))
        #expect(watch.events().isEmpty)
    }

    @Test("O44: who is banned and goes on asking is counted, and told of once a minute")
    func persistence() {
        let watch = watch(list())
        for _ in 0..<50 {
            watch.recordBanned(sighting(.suspiciousActivity, .low), from: stranger)
            clock.advance(by: .seconds(6))
        }
        #expect(watch.events().count == 5)
    }

    @Test("O47: events are listed newest first, by pages that do not overlap")
    func pages() throws {
        let watch = watch(list())
        for number in 0..<45 { watch.record(sighting(.suspiciousActivity, .low, path: "/\(number)")) }
        let list = ListSecurityEvents(watch: watch)
        var seen: [String] = []
        var cursor: Identifier<SecurityEvent>?
        repeat {
            let page = try list(by: .local, limit: 20, before: cursor)
            seen += page.items.map(\.path)
            cursor = page.next
        } while cursor != nil
        #expect(seen == (0..<45).reversed().map { "/\($0)" })
        var filter = SecurityEventFilter()
        filter.level = .medium
        #expect(try list(filter, by: .local).items.isEmpty)
    }

    @Test("O48: a follower is told what it has missed and then what comes, until it lets go")
    func following() throws {
        let watch = watch(list())
        for number in 0..<3 { watch.record(sighting(.pathTraversal, .low, path: "/\(number)")) }
        let heard = HeardNumbers()
        var subscription: SecurityWatch.Subscription? = try FollowSecurityEvents(watch: watch)(
            by: .local, after: 1
        ) { heard.note($0.number) }
        watch.record(sighting(.pathTraversal, .low))
        #expect(heard.numbers == [2, 3, 4])
        withExtendedLifetime(subscription) {}
        subscription = nil
        watch.record(sighting(.pathTraversal, .low))
        #expect(heard.numbers == [2, 3, 4])
    }
}

/// What a follower has heard.
private final class HeardNumbers: Sendable {
    private let state = Mutex<[Int64]>([])

    var numbers: [Int64] { state.withLock { $0 } }

    func note(_ number: Int64) -> Bool {
        state.withLock { $0.append(number) }
        return true
    }
}

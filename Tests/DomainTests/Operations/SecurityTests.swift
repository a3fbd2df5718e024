import Domain
import Testing

@Suite("What looks like abuse")
struct SecurityTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)
    private static let address = NetworkAddress(version4: 0xCB00_7109)

    private static func event(
        _ number: Int, _ kind: SecurityEvent.Kind = .sqlInjection, _ level: SecurityEvent.Level = .low,
        age: Duration = .zero, agent: String = "curl"
    ) -> SecurityEvent {
        SecurityEvent(
            id: Identifier(high: 0, low: UInt64(number)), number: Int64(number), at: now - age, kind: kind,
            level: level, address: address, agent: agent, method: "GET", path: "/", detail: "",
            action: .refused, requestID: "r")
    }

    // MARK: Risk

    @Test("O47: one critical event is no catastrophe, and very many slight ones are one")
    func volume() {
        var one = RiskScore(halfLife: .seconds(3600))
        one.add(SecurityEvent.Level.critical.weight, at: Self.now)
        #expect(RiskScore.level(of: one.percent(at: Self.now)) == .low)
        var many = RiskScore(halfLife: .seconds(3600))
        for _ in 0..<100_000 { many.add(SecurityEvent.Level.low.weight, at: Self.now) }
        #expect(RiskScore.level(of: many.percent(at: Self.now)) == .critical)
        #expect(many.percent(at: Self.now) <= 100)
    }

    @Test("O47: a risk fades by half in each half-life, and a clock that is set back makes nothing grow")
    func fading() {
        var score = RiskScore(halfLife: .seconds(60))
        score.add(40, at: Self.now)
        #expect(abs(score.value(at: Self.now + .seconds(60)) - 20) < 1e-9)
        #expect(abs(score.value(at: Self.now + .seconds(120)) - 10) < 1e-9)
        #expect(score.value(at: Self.now - .seconds(60)) == 40)
        score.add(0, at: Self.now - .seconds(600))
        #expect(abs(score.value(at: Self.now + .seconds(60)) - 20) < 1e-9)
    }

    // MARK: Sketches

    @Test("O47: whatever an attacker brings along, a list of what is frequent stays small and keeps what is")
    func topList() {
        var list = TopList<Int>(capacity: 64)
        for number in 0..<20_000 {
            list.add(number % 4 == 0 ? -1 : number)
            list.add(number % 5 == 0 ? -2 : -number - 10)
        }
        #expect(list.count == 64)
        let top = list.top(2)
        #expect(top.map(\.item) == [-1, -2])
        #expect(top[0].count >= 5_000 && top[0].count - top[0].error <= 5_000)
        #expect(top[1].count >= 4_000 && top[1].count - top[1].error <= 4_000)
    }

    @Test("O47: a sketch never counts too little, and seldom much too much")
    func sketch() {
        var sketch = CountMinSketch()
        var random: UInt64 = 1
        func hash(_ number: Int) -> UInt64 {
            var bits = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
            bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
            return bits ^ bits >> 27
        }
        var truth = [Int](repeating: 0, count: 5_000)
        for _ in 0..<50_000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let number = Int(random >> 33) % 5_000 * (Int(random >> 60) % 2)
            truth[number] += 1
            sketch.add(hash(number))
        }
        let errors = truth.indices.map { Int(sketch.estimate(hash($0))) - truth[$0] }
        #expect(errors.allSatisfy { $0 >= 0 })
        #expect(errors.filter { $0 > 50_000 / 750 }.count * 50 < truth.count)
        #expect(sketch.total == 50_000)
    }

    // MARK: Bans

    @Test("O44: a ban lasts twice as long each time, up to a day, and its strikes are forgiven one by one")
    func doubling() {
        let policy = BanPolicy.ordinary
        var ban: AddressBan?
        var moment = Self.now
        var lasting: [Double] = []
        for _ in 0..<9 {
            let next = policy.ban(Self.address, because: "x", by: .automatic, after: ban, at: moment)
            lasting.append((next.until - next.bannedAt).inSeconds)
            moment = next.until + .seconds(1)
            ban = next
        }
        #expect(lasting == [600, 1200, 2400, 4800, 9600, 19_200, 38_400, 76_800, 86_400])
        let last = ban!
        #expect(last.strikes == 9)
        #expect(policy.strikes(of: last, at: last.until) == 9)
        #expect(policy.strikes(of: last, at: last.until + .seconds(3 * 86_400)) == 6)
        #expect(policy.strikes(of: last, at: last.until + .seconds(300 * 86_400)) == 0)
        let late = policy.ban(
            Self.address, because: "x", by: .automatic, after: last, at: last.until + .seconds(300 * 86_400))
        #expect(late.strikes == 1 && (late.until - late.bannedAt) == .seconds(600))
    }

    @Test("O44: a ban holds until its end and no longer, and for the whole /64 of an IPv6 address")
    func extent() throws {
        let address = try #require(NetworkAddress("2001:db8::1:2:3:4"))
        let ban = BanPolicy.ordinary.ban(
            address, because: "x", by: .automatic, after: nil, for: .seconds(5), at: Self.now)
        #expect(ban.address == NetworkAddress("2001:db8::"))
        #expect(ban.holds(at: Self.now) && ban.holds(at: Self.now + .milliseconds(4_999)))
        #expect(!ban.holds(at: Self.now + .seconds(5)))
    }

    // MARK: Reports

    @Test("O47: empty hours count in the trend")
    func trend() {
        func report(_ ages: [Int]) -> SecurityReport {
            SecurityReport(
                ages.map { Self.event($0, age: .seconds($0 * 3600 + 60)) }.sorted { $0.at < $1.at },
                hours: 24, now: Self.now)
        }
        #expect(report([]).trend == .stable)
        #expect(report([0]).trend == .increasing)
        #expect(report([20, 21, 22]).trend == .decreasing)
        #expect(report(Array(0..<24)).trend == .stable)
        #expect(report([1, 23]).byHour.count == 24)
        #expect(report([1, 23]).byHour[22] == 1 && report([1, 23]).byHour[0] == 1)
    }

    @Test("O47: a burst is found wherever it lies in a long history")
    func burst() {
        let spread = (0..<40).map { Self.event($0, age: .seconds(80_000 - $0 * 1000)) }
        #expect(SecurityReport(spread, hours: 24, now: Self.now).anomalies.isEmpty)
        let together = (40..<52).map { Self.event($0, age: .seconds(10_000 - ($0 - 40))) }
        let all = (spread + together).sorted { $0.at < $1.at }
        let anomalies = SecurityReport(all, hours: 24, now: Self.now).anomalies
        #expect(anomalies.map(\.kind) == [.burst])
    }

    @Test("O47: agents that hardly repeat, and one address that tries everything, are out of the ordinary")
    func anomalies() {
        let agents = (0..<10).map { Self.event($0, age: .seconds(36_000 - $0 * 3600), agent: "a\($0)") }
        #expect(SecurityReport(agents, hours: 24, now: Self.now).anomalies.map(\.kind) == [.agentDiversity])
        let kinds: [SecurityEvent.Kind] = [.sqlInjection, .scriptInjection, .pathTraversal]
        let vectors = kinds.enumerated().map { Self.event($0, $1, .high, age: .seconds($0)) }
        let report = SecurityReport(vectors.reversed(), hours: 24, now: Self.now)
        #expect(report.anomalies.map(\.kind) == [.manyVectors])
        #expect(report.vectors.allSatisfy { $0.count == 1 } && report.vectors.count == 3)
    }

    @Test("O47: what is older than the hours asked for does not count")
    func period() {
        let events = [Self.event(1, age: .seconds(7200)), Self.event(2, age: .seconds(60))]
        #expect(SecurityReport(events, hours: 1, now: Self.now).events.map(\.number) == [2])
    }

    @Test("texts of an event are cut, so that nobody fills the memory with one")
    func bounded() {
        let long = String(repeating: "x", count: 10_000)
        let event = SecurityEvent(
            id: Identifier(high: 0, low: 1), number: 1, at: Self.now, kind: .sqlInjection, level: .low,
            address: nil, agent: long, method: long, path: long, detail: long, action: .refused,
            requestID: long)
        for text in [event.agent, event.method, event.path, event.detail, event.requestID] {
            #expect(text.unicodeScalars.count == SecurityEvent.longestText)
        }
    }
}

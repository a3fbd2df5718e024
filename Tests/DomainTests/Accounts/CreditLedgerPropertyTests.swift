import Domain
import Testing

/// A history of one ledger, drawn from a seed, with every check after every step.
private struct CreditHistory {
    private(set) var ledger = CreditLedger(of: People.ada)
    private(set) var entries: [CreditEntry] = []
    private var holds: [CreditHold] = []
    private var endings: [Identifier<CreditHold>: Int] = [:]
    private var month = CreditPeriod("2026-11")!
    private var bestPlan: [CreditPeriod: Int] = [:]
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// Does one thing of those that can be asked, sensible or not.
    mutating func step() throws {
        let (ledgerBefore, holdsBefore, count) = (ledger, holds, entries.count)
        do {
            try act()
        } catch is CreditError {
            #expect(ledger == ledgerBefore)
            #expect(holds == holdsBefore)
            #expect(entries.count == count)
        }
        check(since: holdsBefore)
    }

    private mutating func act() throws {
        let amount = Int.random(in: -2...25, using: &generator)
        let now = People.now
        switch Int.random(in: 0..<12, using: &generator) {
        case 0:
            let plan = [0, 10, 100].randomElement(using: &generator)!
            let asked = Bool.random(using: &generator) ? month : CreditPeriod("2026-10")!
            let granted = try ledger.renew(for: asked, upTo: plan, at: now)
            bestPlan[asked, default: 0] = max(bestPlan[asked, default: 0], plan)
            entries += granted
        case 1: if Int.random(in: 0..<4, using: &generator) == 0 { month = month.next }
        case 2: entries.append(try ledger.grant(amount, at: now))
        case 3...5:
            let id = Identifier<CreditHold>(high: 4, low: UInt64(entries.count))
            let (hold, entry) = try ledger.hold(amount, as: id, for: People.task, at: now)
            holds.append(hold)
            entries.append(entry)
        case 6, 7: try onHold { ledger, hold in [try ledger.capture(amount, of: &hold, at: now)] }
        case 8: try onHold { ledger, hold in try ledger.release(amount, of: &hold, at: now) }
        case 9: try onHold { ledger, hold in try ledger.release(of: &hold, at: now) }
        case 10: try onHold { ledger, hold in [try ledger.refund(amount, of: &hold, at: now)] }
        default:
            if Bool.random(using: &generator) {
                entries.append(try ledger.adjust(by: amount - 10, because: "drawn", at: now))
            } else {
                entries.append(try ledger.expire(amount, at: now))
            }
        }
    }

    private mutating func onHold(
        _ command: (inout CreditLedger, inout CreditHold) throws -> [CreditEntry]
    ) throws {
        guard let index = holds.indices.randomElement(using: &generator) else { return }
        var hold = holds[index]
        entries += try command(&ledger, &hold)
        holds[index] = hold
    }

    private mutating func check(since before: [CreditHold]) {
        for parts in [ledger.available, ledger.held] { #expect(parts.monthly >= 0 && parts.bought >= 0) }
        #expect(ledger.version == entries.count)
        for (index, hold) in holds.enumerated() {
            #expect(hold.remaining.monthly >= 0 && hold.remaining.bought >= 0)
            #expect(hold.captured + hold.released + hold.remaining.total == hold.parts.total)
            #expect(hold.released >= 0 && hold.refunded <= hold.captured)
            #expect((hold.endedAt == nil) == (hold.remaining.total > 0))
            let hadEnded = before.indices.contains(index) && before[index].endedAt != nil
            if hold.endedAt != nil, !hadEnded { endings[hold.id, default: 0] += 1 }
            #expect(endings[hold.id, default: 0] == (hold.endedAt == nil ? 0 : 1))
        }
        #expect(ledger.held.monthly == holds.map(\.remaining.monthly).reduce(0, +))
        #expect(ledger.held.bought == holds.map(\.remaining.bought).reduce(0, +))
    }

    /// Ends every hold that has not, and looks at the whole history.
    mutating func settle() throws {
        for index in holds.indices where holds[index].endedAt == nil {
            entries += try ledger.release(of: &holds[index], at: People.now)
        }
        #expect(ledger.held == .none)
        #expect(try CreditLedger(of: People.ada, replaying: entries) == ledger)

        let totals = Dictionary(grouping: entries, by: \.kind.name).mapValues {
            $0.map(\.parts.total).reduce(0, +)
        }
        func total(_ kind: CreditEntry.Kind.Name) -> Int { totals[kind, default: 0] }
        #expect(total(.hold) == total(.capture) + total(.release))
        #expect(
            ledger.available.total
                == total(.grant) + total(.adjust) + total(.refund) - total(.capture) - total(.expire))
        #expect(total(.capture) == holds.map(\.captured).reduce(0, +))

        var granted: [CreditPeriod: Int] = [:]
        for entry in entries {
            if case .monthlyGrant(let period) = entry.kind {
                granted[period, default: 0] += entry.parts.total
            }
        }
        for (period, amount) in granted { #expect(amount <= bestPlan[period, default: 0]) }
    }
}

@Suite("Histories of a credit ledger drawn from seeds")
struct CreditLedgerPropertyTests {
    @Test(
        "A11: the ledger balances, nothing is below zero and each hold ends once, whatever happens",
        arguments: 0..<10)
    func histories(_ part: Int) throws {
        for seed in part * 20..<(part + 1) * 20 {
            var history = CreditHistory(seed: UInt64(seed))
            for _ in 0..<120 { try history.step() }
            try history.settle()
            #expect(history.entries.count > 20, "seed \(seed) does little")
        }
    }

    @Test("A11: the order of capture and release of several tasks does not matter", arguments: 0..<5)
    func interleaving(_ part: Int) throws {
        for seed in part * 20..<(part + 1) * 20 {
            var generator = SeededGenerator(seed: UInt64(seed))
            var ledger = CreditLedger(of: People.ada)
            _ = try ledger.grant(100, at: People.now)
            var holds = try (0..<10).map { index in
                try ledger.hold(
                    index + 1, as: Identifier(high: 4, low: UInt64(index)), for: People.task, at: People.now
                ).hold
            }
            for index in holds.indices.shuffled(using: &generator) {
                if index.isMultiple(of: 2) {
                    _ = try ledger.capture(index + 1, of: &holds[index], at: People.now)
                } else {
                    _ = try ledger.release(of: &holds[index], at: People.now)
                }
            }
            #expect(ledger.available.total == 100 - 1 - 3 - 5 - 7 - 9)
            #expect(ledger.held == .none)
        }
    }
}

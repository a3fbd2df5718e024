import Domain
import Testing

@Suite("Credit ledger")
struct CreditLedgerTests {
    static let now = People.now
    static let november = CreditPeriod("2026-11")!
    static let december = CreditPeriod("2026-12")!
    static let holdID = Identifier<CreditHold>(high: 4, low: 4)

    /// A ledger with so many credits of November and so many bought ones.
    static func ledger(monthly: Int = 0, bought: Int = 0) throws -> CreditLedger {
        var ledger = CreditLedger(of: People.ada)
        if monthly > 0 { _ = try ledger.renew(for: november, upTo: monthly, at: now) }
        if bought > 0 { _ = try ledger.grant(bought, at: now) }
        return ledger
    }

    static func held(_ amount: Int, monthly: Int = 0, bought: Int = 0) throws -> (CreditLedger, CreditHold) {
        var ledger = try ledger(monthly: monthly, bought: bought)
        let hold = try ledger.hold(amount, as: holdID, for: People.task, at: now).hold
        return (ledger, hold)
    }

    // MARK: Grants

    @Test("A11: a month's credits come in once, however often they are asked for")
    func monthlyGrant() throws {
        var ledger = CreditLedger(of: People.ada)
        let entries = try ledger.renew(for: Self.november, upTo: 10, at: Self.now)
        #expect(entries.map(\.kind) == [.monthlyGrant(Self.november)])
        let before = ledger
        for _ in 0..<3 { #expect(try ledger.renew(for: Self.november, upTo: 10, at: Self.now).isEmpty) }
        #expect(ledger == before)
        #expect(ledger.available == CreditParts(monthly: 10, bought: 0))
    }

    @Test("A11: what is left of a month's credits expires with the month; bought ones stay")
    func monthEnds() throws {
        var ledger = try Self.ledger(monthly: 10, bought: 5)
        let entries = try ledger.renew(for: Self.december, upTo: 10, at: Self.now)
        #expect(entries.map(\.kind) == [.expire, .monthlyGrant(Self.december)])
        #expect(entries.map(\.parts.total) == [10, 10])
        #expect(ledger.available == CreditParts(monthly: 10, bought: 5))
    }

    @Test("a month that is over brings nothing, even when the clock is set back")
    func earlierMonth() throws {
        var ledger = try Self.ledger()
        _ = try ledger.renew(for: Self.december, upTo: 10, at: Self.now)
        #expect(try ledger.renew(for: Self.november, upTo: 100, at: Self.now).isEmpty)
        #expect(ledger.available.total == 10)
    }

    @Test("A10: upgrading adds the difference, and overwrites no larger balance")
    func upgrade() throws {
        var ledger = try Self.ledger(monthly: 10, bought: 500)
        _ = try ledger.renew(for: Self.november, upTo: 100, at: Self.now)
        #expect(ledger.available == CreditParts(monthly: 100, bought: 500))
    }

    @Test("A10: downgrading takes nothing away, least of all what was bought")
    func downgrade() throws {
        var ledger = try Self.ledger(monthly: 100, bought: 500)
        #expect(try ledger.renew(for: Self.november, upTo: 10, at: Self.now).isEmpty)
        #expect(ledger.available == CreditParts(monthly: 100, bought: 500))
        _ = try ledger.renew(for: Self.december, upTo: 10, at: Self.now)
        #expect(ledger.available == CreditParts(monthly: 10, bought: 500))
    }

    @Test("A10: going up and down between plans mints no credits")
    func cycle() throws {
        var ledger = try Self.ledger(monthly: 10)
        for _ in 0..<10 {
            _ = try ledger.renew(for: Self.november, upTo: 100, at: Self.now)
            _ = try ledger.renew(for: Self.november, upTo: 10, at: Self.now)
        }
        #expect(ledger.available.total == 100)
    }

    @Test("credits that were spent do not come in again when the plan changes")
    func cycleAfterSpending() throws {
        var (ledger, hold) = try Self.held(10, monthly: 10)
        _ = try ledger.capture(10, of: &hold, at: Self.now)
        _ = try ledger.renew(for: Self.november, upTo: 100, at: Self.now)
        #expect(ledger.available.total == 90)
    }

    @Test("a plan without credits ends the last month's, and a better one still brings its own")
    func planWithoutCredits() throws {
        var ledger = try Self.ledger(monthly: 10)
        #expect(try ledger.renew(for: Self.december, upTo: 0, at: Self.now).map(\.kind) == [.expire])
        #expect(try ledger.renew(for: Self.december, upTo: 0, at: Self.now).isEmpty)
        _ = try ledger.renew(for: Self.december, upTo: 100, at: Self.now)
        #expect(ledger.available.total == 100)
    }

    // MARK: Holds

    @Test("A11: what is held cannot be spent twice")
    func doubleSpend() throws {
        var (ledger, _) = try Self.held(7, monthly: 10)
        let before = ledger
        #expect(throws: CreditError.insufficient(needed: 4, available: 3)) {
            try ledger.hold(4, as: Identifier(high: 5, low: 5), for: People.task, at: Self.now)
        }
        #expect(ledger == before)
        #expect((ledger.available.total, ledger.held.total) == (3, 7))
    }

    @Test("A11: what expires first is held first and captured first, and what lasts comes back first")
    func order() throws {
        var (ledger, hold) = try Self.held(8, monthly: 5, bought: 10)
        #expect(hold.parts == CreditParts(monthly: 5, bought: 3))
        #expect(try ledger.capture(4, of: &hold, at: Self.now).parts == CreditParts(monthly: 4, bought: 0))
        #expect(try ledger.release(2, of: &hold, at: Self.now)[0].parts == CreditParts(monthly: 0, bought: 2))
        #expect(hold.remaining == CreditParts(monthly: 1, bought: 1))
        #expect(ledger.available == CreditParts(monthly: 0, bought: 9))
    }

    @Test("A11: a task that fails gets everything back")
    func released() throws {
        var (ledger, hold) = try Self.held(8, monthly: 5, bought: 10)
        _ = try ledger.release(of: &hold, at: People.later)
        #expect(ledger.available == CreditParts(monthly: 5, bought: 10))
        #expect(ledger.held == .none)
        #expect(hold.endedAt == People.later)
        #expect(hold.released == 8)
    }

    @Test("A11: a hold ends once: afterwards it can be neither captured nor released", arguments: [0, 3, 8])
    func endsOnce(captured: Int) throws {
        var (ledger, hold) = try Self.held(8, bought: 10)
        if captured > 0 { _ = try ledger.capture(captured, of: &hold, at: Self.now) }
        if captured < 8 { _ = try ledger.release(of: &hold, at: Self.now) }
        #expect(hold.endedAt == Self.now)
        let before = (ledger, hold)
        #expect(throws: CreditError.holdEnded) { try ledger.capture(1, of: &hold, at: Self.now) }
        #expect(throws: CreditError.holdEnded) { try ledger.release(of: &hold, at: Self.now) }
        #expect(throws: CreditError.holdEnded) { try ledger.release(1, of: &hold, at: Self.now) }
        #expect((ledger, hold) == before)
        #expect(ledger.available.total + hold.captured == 10)
    }

    @Test("no more is captured or released than is held")
    func tooMuch() throws {
        var (ledger, hold) = try Self.held(8, bought: 10)
        #expect(throws: CreditError.holdTooSmall(remaining: 8)) {
            try ledger.capture(9, of: &hold, at: Self.now)
        }
        #expect(throws: CreditError.holdTooSmall(remaining: 8)) {
            try ledger.release(9, of: &hold, at: Self.now)
        }
        #expect(hold.endedAt == nil)
    }

    @Test("what was held from a month that is over expires when it comes back; bought credits do not")
    func releasedInTheNextMonth() throws {
        var (ledger, hold) = try Self.held(8, monthly: 5, bought: 10)
        _ = try ledger.renew(for: Self.december, upTo: 20, at: Self.now)
        let entries = try ledger.release(of: &hold, at: Self.now)
        #expect(entries.map(\.kind) == [.release(Self.holdID), .expire])
        #expect(
            entries.map(\.parts) == [CreditParts(monthly: 5, bought: 3), CreditParts(monthly: 5, bought: 0)])
        #expect(ledger.available == CreditParts(monthly: 20, bought: 10))
    }

    @Test("a hold is honoured by its own ledger only")
    func otherLedger() throws {
        var (_, hold) = try Self.held(8, bought: 10)
        var other = CreditLedger(of: People.bob)
        _ = try other.grant(100, at: Self.now)
        #expect(throws: CreditError.otherLedger) { try other.capture(1, of: &hold, at: Self.now) }
        #expect(throws: CreditError.otherLedger) { try other.release(of: &hold, at: Self.now) }
        #expect(throws: CreditError.otherLedger) { try other.refund(1, of: &hold, at: Self.now) }
    }

    @Test("A11: what was spent can be given back, once, and then lasts")
    func refund() throws {
        var (ledger, hold) = try Self.held(8, monthly: 10)
        #expect(throws: CreditError.refundTooLarge(refundable: 0)) {
            try ledger.refund(1, of: &hold, at: Self.now)
        }
        _ = try ledger.capture(6, of: &hold, at: Self.now)
        _ = try ledger.refund(4, of: &hold, at: Self.now)
        #expect(throws: CreditError.refundTooLarge(refundable: 2)) {
            try ledger.refund(3, of: &hold, at: Self.now)
        }
        #expect(ledger.available == CreditParts(monthly: 2, bought: 4))
    }

    // MARK: Corrections and bounds

    @Test("an administrator adds and takes away with a reason, bought credits first, never below zero")
    func adjust() throws {
        var ledger = try Self.ledger(monthly: 10, bought: 5)
        _ = try ledger.adjust(by: 3, because: "sorry", at: Self.now)
        #expect(ledger.available == CreditParts(monthly: 10, bought: 8))
        let entry = try ledger.adjust(by: -9, because: " charged back ", at: Self.now)
        #expect(entry.kind == .adjust(reason: "charged back"))
        #expect(entry.parts == CreditParts(monthly: -1, bought: -8))
        #expect(throws: CreditError.insufficient(needed: 10, available: 9)) {
            try ledger.adjust(by: -10, because: "x", at: Self.now)
        }
    }

    @Test("an adjustment has a reason", arguments: ["", "  ", String(repeating: "x", count: 201)])
    func reason(_ reason: String) throws {
        var ledger = try Self.ledger()
        #expect(throws: CreditError.reason) { try ledger.adjust(by: 1, because: reason, at: Self.now) }
    }

    @Test("bought credits end only when an administrator says so, and only they do")
    func expire() throws {
        var ledger = try Self.ledger(monthly: 10, bought: 5)
        #expect(throws: CreditError.insufficient(needed: 6, available: 5)) {
            try ledger.expire(6, at: Self.now)
        }
        _ = try ledger.expire(5, at: Self.now)
        #expect(ledger.available == CreditParts(monthly: 10, bought: 0))
    }

    @Test("A11: an amount lies within its bounds", arguments: [Int.min, -1, 0, 1_000_001, Int.max])
    func amounts(_ amount: Int) throws {
        var (ledger, hold) = try Self.held(8, bought: 10)
        let before = (ledger, hold)
        #expect(throws: CreditError.amount) { try ledger.grant(amount, at: Self.now) }
        #expect(throws: CreditError.amount) {
            try ledger.hold(amount, as: Identifier(high: 5, low: 5), for: People.task, at: Self.now)
        }
        #expect(throws: CreditError.amount) { try ledger.capture(amount, of: &hold, at: Self.now) }
        #expect(throws: CreditError.amount) { try ledger.release(amount, of: &hold, at: Self.now) }
        #expect(throws: CreditError.amount) { try ledger.refund(amount, of: &hold, at: Self.now) }
        #expect(throws: CreditError.amount) { try ledger.expire(amount, at: Self.now) }
        if amount != -1 {
            #expect(throws: CreditError.amount) { try ledger.adjust(by: amount, because: "x", at: Self.now) }
        }
        #expect((ledger, hold) == before)
    }

    @Test("A11: nobody has more than a thousand million credits, by any way")
    func largestBalance() throws {
        let nearly = CreditParts(monthly: 0, bought: CreditLedger.largestBalance - 4)
        var ledger = CreditLedger(
            of: People.ada, available: nearly, held: .none, period: nil, grantedInPeriod: 0, version: 9)
        #expect(throws: CreditError.balanceTooLarge) { try ledger.grant(5, at: Self.now) }
        #expect(throws: CreditError.balanceTooLarge) { try ledger.adjust(by: 5, because: "x", at: Self.now) }
        #expect(try ledger.renew(for: Self.november, upTo: 10, at: Self.now).map(\.parts.total) == [4])
        #expect(ledger.available.total == CreditLedger.largestBalance)
        _ = try ledger.hold(1000, as: Self.holdID, for: People.task, at: Self.now)
        #expect(throws: CreditError.balanceTooLarge) { try ledger.grant(1, at: Self.now) }
    }

    // MARK: Entries

    @Test("A11: each entry has the next number and says what there is after it, and is told to others")
    func entries() throws {
        var ledger = CreditLedger(of: People.ada)
        var entries = try ledger.renew(for: Self.november, upTo: 10, at: Self.now)
        var (hold, entry) = try ledger.hold(6, as: Self.holdID, for: People.task, at: Self.now)
        entries.append(entry)
        entries.append(try ledger.capture(4, of: &hold, at: Self.now))
        entries += try ledger.release(of: &hold, at: Self.now)
        #expect(entries.map(\.number) == [1, 2, 3, 4])
        #expect(entries.map(\.available) == [10, 4, 4, 6])
        #expect(entries.map(\.held) == [0, 6, 2, 0])
        #expect(entries.map(\.kind.name) == [.grant, .hold, .capture, .release])
        #expect(
            entries[2].event
                == AccountEvent(
                    user: People.ada, version: 3, at: Self.now,
                    change: .creditsMoved(.capture, amount: 4, available: 4)))
        #expect(try CreditLedger(of: People.ada, replaying: entries) == ledger)
    }

    /// Entries of which one was changed behind the ledger's back.
    enum Forgery: String, CaseIterable, CustomTestStringConvertible {
        case missing, doubled, otherUser, larger, balance, heldBalance, negative, overflow, otherHold,
            secondRelease

        var testDescription: String { rawValue }

        func forge(_ entries: [CreditEntry]) -> [CreditEntry] {
            var entries = entries
            func change(
                _ index: Int, user: Identifier<User>? = nil, kind: CreditEntry.Kind? = nil,
                parts: CreditParts? = nil, available: Int? = nil, held: Int? = nil
            ) {
                let old = entries[index]
                entries[index] = CreditEntry(
                    user: user ?? old.user, number: old.number, at: old.at, kind: kind ?? old.kind,
                    parts: parts ?? old.parts, available: available ?? old.available, held: held ?? old.held)
            }
            switch self {
            case .missing: entries.remove(at: 1)
            case .doubled: entries.insert(entries[0], at: 1)
            case .otherUser: change(1, user: People.bob)
            case .larger: change(0, parts: CreditParts(monthly: 1000, bought: 0))
            case .balance: change(2, available: 5)
            case .heldBalance: change(2, held: 1)
            case .negative: change(1, parts: CreditParts(monthly: -6, bought: 0), available: 16, held: -6)
            case .overflow: change(0, parts: CreditParts(monthly: .max, bought: .max))
            case .otherHold: change(2, kind: .capture(Identifier(high: 8, low: 8)))
            case .secondRelease:
                entries.append(
                    CreditEntry(
                        user: People.ada, number: 5, at: now, kind: .release(holdID),
                        parts: CreditParts(monthly: 2, bought: 0), available: 8, held: -2))
            }
            return entries
        }
    }

    @Test("A11: entries that do not follow from each other are found", arguments: Forgery.allCases)
    func forgery(_ forgery: Forgery) throws {
        var ledger = CreditLedger(of: People.ada)
        var entries = try ledger.renew(for: Self.november, upTo: 10, at: Self.now)
        var (hold, entry) = try ledger.hold(6, as: Self.holdID, for: People.task, at: Self.now)
        entries.append(entry)
        entries.append(try ledger.capture(4, of: &hold, at: Self.now))
        entries += try ledger.release(of: &hold, at: Self.now)
        #expect {
            try CreditLedger(of: People.ada, replaying: forgery.forge(entries))
        } throws: { error in
            if case .entriesDisagree = error as? CreditError { true } else { false }
        }
    }
}

import Domain

struct InMemoryCredits: CreditReader {
    let reader: InMemoryReader
    private var holds: Dictionary<Identifier<CreditHold>, CreditHold>.Values {
        reader.tables.creditHolds.values
    }

    init(reader: InMemoryReader) {
        self.reader = reader
    }

    func ledger(of user: Identifier<User>) throws -> CreditLedger {
        reader.tables.ledgers[user] ?? CreditLedger(of: user)
    }

    func entries(of user: Identifier<User>, limit: Int, before cursor: Int?) throws -> Page<CreditEntry, Int>
    {
        let all = reader.tables.creditEntries[user] ?? []
        let earlier = all.filter { entry in cursor.map { entry.number < $0 } ?? true }
        let shown = Array(earlier.suffix(limit).reversed())
        return Page(items: shown, next: earlier.count > limit ? shown.last?.number : nil)
    }

    func hold(_ id: Identifier<CreditHold>) throws -> CreditHold? {
        reader.tables.creditHolds[id]
    }

    func openHold(of task: Identifier<VideoTask>) throws -> CreditHold? {
        holds.first { $0.task == task && $0.endedAt == nil }
    }

    func latestHold(of task: Identifier<VideoTask>) throws -> CreditHold? {
        holds.filter { $0.task == task }.max { $0.id < $1.id }
    }

    func holds(of task: Identifier<VideoTask>) throws -> [CreditHold] {
        holds.filter { $0.task == task }.sorted { $0.id < $1.id }
    }

    func openHolds(of user: Identifier<User>) throws -> [CreditHold] {
        holds.filter { $0.user == user && $0.endedAt == nil }.sorted { $0.id > $1.id }
    }

    func totals() throws -> [CreditEntry.Kind.Name: Int] {
        reader.tables.creditEntries.values.joined().reduce(into: [:]) { totals, entry in
            totals[entry.kind.name, default: 0] += entry.parts.total
        }
    }

    func allowance(of user: Identifier<User>) throws -> DailyAllowance {
        reader.tables.allowances[user] ?? DailyAllowance()
    }
}

struct InMemoryCreditWriter: CreditWriter {
    let writer: InMemoryWriter

    func append(_ entries: [CreditEntry], leadingTo ledger: CreditLedger) throws {
        guard !entries.isEmpty else { return }
        let present = writer.tables.creditEntries[ledger.user] ?? []
        guard ledger.isReached(by: entries), present.count + entries.count == ledger.version else {
            throw PortError.conflict("the ledger was changed meanwhile")
        }
        writer.set(\.creditEntries, ledger.user, present + entries)
        writer.set(\.ledgers, ledger.user, ledger)
    }

    func forgetReasons(of user: Identifier<User>) throws {
        guard let entries = writer.tables.creditEntries[user] else { return }
        writer.set(\.creditEntries, user, entries.map(\.withoutReason))
    }

    func put(_ hold: CreditHold) throws {
        let others = writer.tables.creditHolds.values.filter { $0.task == hold.task && $0.id != hold.id }
        guard hold.endedAt != nil || others.allSatisfy({ $0.endedAt != nil }) else {
            throw PortError.conflict("the task has another hold")
        }
        writer.set(\.creditHolds, hold.id, hold)
    }

    func put(_ allowance: DailyAllowance, of user: Identifier<User>) throws {
        writer.set(\.allowances, user, allowance)
    }
}

struct InMemoryTiers: TierReader {
    let reader: InMemoryReader

    func find(_ name: Tier.Name) throws -> Tier? {
        reader.tables.tiers[name]
    }

    func all() throws -> [Tier] {
        reader.tables.tiers.values.sorted { $0.name.text < $1.name.text }
    }
}

struct InMemoryTierWriter: TierWriter {
    let writer: InMemoryWriter

    func put(_ tier: Tier) throws {
        writer.set(\.tiers, tier.name, tier)
    }
}

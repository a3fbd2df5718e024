public import Application
public import Domain

/// What must hold of everybody's credits after whatever has happened.
public struct OrderBooks {
    public struct Complaint: Error {
        public let text: String
    }

    let store: any Store

    public init(store: any Store) {
        self.store = store
    }

    /// Looks at everything of a user.
    ///
    /// - Returns: All entries, oldest first.
    @discardableResult
    public func inspect(_ user: Identifier<User>) throws -> [CreditEntry] {
        try store.read { reader in
            let ledger = try reader.credits.ledger(of: user)
            let entries = Array(
                try reader.credits.entries(of: user, limit: 100_000, before: nil).items.reversed())
            let replayed = try CreditLedger(of: user, replaying: entries)
            try require(replayed == ledger, "the entries do not lead to the summary")
            for parts in [ledger.available, ledger.held] {
                try require(parts.monthly >= 0 && parts.bought >= 0, "a balance is below zero")
            }
            try inspectHolds(of: user, ledger, entries, reader)
            try inspectTasks(of: user, reader)
            try inspectEvents(of: user, entries, reader)
            return entries
        }
    }

    /// Each hold is the sum of what became of it, and ends when nothing remains.
    private func inspectHolds(
        of user: Identifier<User>, _ ledger: CreditLedger, _ entries: [CreditEntry],
        _ reader: any StoreReader
    ) throws {
        var moved: [Identifier<CreditHold>: [CreditEntry.Kind.Name: Int]] = [:]
        for entry in entries {
            if let hold = entry.kind.hold {
                moved[hold, default: [:]][entry.kind.name, default: 0] += entry.parts.total
            }
        }
        let open = try reader.credits.openHolds(of: user)
        try require(
            open.reduce(0) { $0 + $1.remaining.total } == ledger.held.total,
            "the open holds are not what is held")
        try require(Set(open.map(\.task)).count == open.count, "a task has two open holds")
        for (id, sums) in moved {
            guard let hold = try reader.credits.hold(id) else { throw Complaint(text: "a hold is gone") }
            let spent = sums[.capture, default: 0]
            let rest = hold.parts.total - spent - sums[.release, default: 0]
            try require(sums[.hold] == hold.parts.total, "a hold is not what was entered")
            try require(hold.captured == spent && hold.remaining.total == rest, "a hold lost count")
            try require((hold.endedAt != nil) == (rest == 0), "a hold ended with something left, or did not")
            guard hold.endedAt == nil else { continue }
            let task = try reader.tasks.find(hold.task)
            try require(task?.status.isFinal == false, "credits are held for a task that is over")
        }
    }

    /// What is unfinished is paid for, and nothing costs more than its price.
    private func inspectTasks(of user: Identifier<User>, _ reader: any StoreReader) throws {
        for listing in try reader.tasks.page(of: user, status: nil, limit: 10_000, before: nil).items {
            let task = listing.task
            let holds = try reader.credits.holds(of: task.id)
            let paid = holds.reduce(0) { $0 + $1.captured }
            let made = try reader.clips.all(of: task.id).count { !$0.renditions.isEmpty }
            if task.status.isFinal {
                try require(holds.allSatisfy { $0.endedAt != nil }, "a task that is over holds credits")
            } else {
                try require(
                    holds.contains { $0.endedAt == nil } || paid > 0, "a task runs for nothing")
            }
            guard let facts = task.acquired?.facts else { continue }
            let price = PriceList.standard.price(
                of: facts.countedLength, formats: task.options.formats.count, mode: task.options.mode)
            try require(paid <= price.credits, "a task cost more than its price")
            if task.status.name == .completed { try require(paid > 0, "clips were made for nothing") }
            if made == 0 { try require(paid == 0, "a task without a clip cost something") }
        }
    }

    /// Everything that moved was told.
    private func inspectEvents(
        of user: Identifier<User>, _ entries: [CreditEntry], _ reader: any StoreReader
    ) throws {
        let told = try reader.accountEvents.events(after: 0, limit: 100_000).map(\.event)
            .filter { event in
                if case .creditsMoved = event.change { event.user == user } else { false }
            }
        try require(told == entries.map(\.event), "what moved is not what was told")
        var filter = AuditFilter()
        filter.user = user
        let lines = try reader.audit.page(filter, limit: 100_000, before: nil).items
        for name in [CreditEntry.Kind.Name.grant, .expire, .adjust] {
            try require(
                lines.count { $0.action == name.action } == entries.count { $0.kind.name == name },
                "the audit trail lacks a \(name)")
        }
    }

    private func require(_ condition: Bool, _ complaint: @autoclosure () -> String) throws {
        guard condition else { throw Complaint(text: complaint()) }
    }
}

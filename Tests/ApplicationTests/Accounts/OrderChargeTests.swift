import Application
import Domain
import Testing

@Suite("What an order costs, and whether it is taken")
struct OrderChargeTests {
    let checkout = Checkout()

    @Test(
        "A22, A11: an order holds its price together with task, job and notice, and has its plan's priority")
    func holds() async throws {
        let ada = try await checkout.member(tier: .premium)
        let source = try await checkout.upload(seconds: 61, by: ada)
        let task = try await checkout.order(source, formats: [.vertical, .square], mode: .quality, by: ada)
        // Two minutes have begun, half more for the second format, twice for the mode.
        #expect(try checkout.ledger(ada).sums == [94, 6])
        let hold = try #require(try checkout.holds(task).first)
        #expect(hold.remaining.total == 6 && hold.user == ada.user && hold.endedAt == nil)
        #expect(try checkout.workshop.job(of: task)?.priority == Tier.premium.priority)
        #expect(try checkout.usage(ada).unfinishedTasks == 1)
        let events = try checkout.store.read { try $0.accountEvents.events(after: 0, limit: 10) }
        #expect(
            events.map(\.event.change) == [
                .creditsMoved(.grant, amount: 100, available: 100),
                .creditsMoved(.hold, amount: 6, available: 94),
            ])
    }

    @Test("A11: a repeated request holds once, also when the credits would not do for another")
    func repeats() async throws {
        let ada = try await checkout.member(credits: 1, longest: .seconds(60))
        let repetition = SubmitVideoTask.Repetition(
            route: "r", key: "k", fingerprint: ContentHash(bytes: [UInt8](repeating: 0, count: 32))!
        ) { (201, "\($0.id)", []) }
        let command = try Checkout.command(Checkout.address)
        for round in 0..<3 {
            let outcome = try await checkout.submit(command, by: ada, repetition: repetition)
            if case .created = outcome { #expect(round == 0) } else { #expect(round > 0) }
            #expect(try checkout.ledger(ada).sums == [0, 1])
        }
    }

    @Test("A11, A22: without the credits nothing is written, and the refusal says price and balance")
    func insufficient() async throws {
        let ada = try await checkout.member(credits: 3, longest: .seconds(300))
        let refusal = await #expect(throws: OrderRefusal.self) { try await checkout.order(by: ada) }
        guard case .credits(let quote, needed: 5, available: 3) = refusal else {
            Issue.record("refused as \(String(describing: refusal))")
            return
        }
        #expect(!quote.isExact && refusal?.code == "insufficient_credits")
        #expect(refusal?.explanation.contains("up to 5 credits") == true)
        #expect(refusal?.explanation.contains("3 are available") == true)
        #expect(try checkout.ledger(ada).version == 0)
        #expect(try checkout.usage(ada).unfinishedTasks == 0)
        #expect(try checkout.store.read { try $0.jobs.counts(of: nil) } == [:])
    }

    @Test("A9, A22: a source that is known to be longer than the plan takes is refused; a frame more is not")
    func sourceLength() async throws {
        let ada = try await checkout.member()
        let long = try await checkout.upload(seconds: 61, by: ada)
        await #expect(throws: OrderRefusal.quota(.sourceTooLong(limit: .seconds(60)))) {
            try await checkout.order(long, by: ada)
        }
        let minute = try await checkout.upload(seconds: 60.04, by: ada)
        try await checkout.order(minute, by: ada)
        #expect(try checkout.ledger(ada).sums == [9, 1])
    }

    @Test("A12: a day's orders end with the day where the user is, and begin anew by themselves")
    func day() async throws {
        let ada = try await checkout.member(zone: Registry.berlin)
        for _ in 1...3 {
            let task = try await checkout.order(by: ada)
            // Neither what is cancelled nor what is deleted gives its place back.
            _ = try await checkout.workshop.cancel(task.id, by: ada)
            try await checkout.workshop.delete(task.id, by: ada)
        }
        let now = checkout.workshop.clock.now()
        let midnight = try #require(checkout.calendar.day(containing: now, in: Registry.berlin)).end
        await #expect(throws: OrderRefusal.quota(.dailyLimit(3, until: midnight))) {
            try await checkout.order(by: ada)
        }
        #expect(try checkout.usage(ada).today?.remaining == 0)
        checkout.workshop.clock.set(to: midnight)
        try await checkout.order(by: ada)
        #expect(try checkout.usage(ada).today?.remaining == 2)
    }

    @Test("A22: as many tasks as the plan allows may be unfinished, resumed ones included")
    func atOnce() async throws {
        let ada = try await checkout.member(credits: 1000, longest: .seconds(60), atOnce: 2)
        let first = try await checkout.order(by: ada)
        try await checkout.order(by: ada)
        let refusal = OrderRefusal.quota(.tooManyTasks(limit: 2))
        await #expect(throws: refusal) { try await checkout.order(by: ada) }
        _ = try await checkout.workshop.cancel(first.id, by: ada)
        try await checkout.order(by: ada)
        await #expect(throws: refusal) { _ = try await checkout.resume(first.id, by: ada) }
        #expect(try checkout.status(first) == .cancelled)
    }

    @Test(
        "A22: a plan whose storage is full takes neither orders nor files, also not those that come together")
    func storage() async throws {
        let ada = try await checkout.member(credits: 10, longest: .seconds(60), storage: 20)
        let receive = checkout.workshop.receive
        var first = try receive.begin(filename: "a.mp4", by: ada)
        var second = try receive.begin(filename: "b.mp4", by: ada)
        var third = try receive.begin(filename: "c.mp4", by: ada)
        for _ in 1...2 {
            try [UInt8](repeating: 1, count: 10).withUnsafeBytes { try first.append($0) }
        }
        #expect(throws: QuotaError.storageFull(limit: 20)) {
            try [1].withUnsafeBytes { try first.append($0) }
        }
        try [1].withUnsafeBytes { try second.append($0) }
        try [1].withUnsafeBytes { try third.append($0) }
        // Whatever was sent, a file of the studio has ten bytes.
        _ = try await receive.finish(second)
        _ = try await receive.finish(third)
        let files = checkout.workshop.studio.files
        await #expect(throws: QuotaError.storageFull(limit: 20)) { try await receive.finish(first) }
        #expect(checkout.workshop.studio.files == files)
        #expect(throws: QuotaError.storageFull(limit: 20)) {
            _ = try receive.begin(filename: "d.mp4", by: ada)
        }
        await #expect(throws: OrderRefusal.quota(.storageFull(limit: 20))) {
            try await checkout.order(by: ada)
        }
        #expect(try checkout.usage(ada).storedBytes == 20)
    }

    @Test("A13: a preview tells price, balance and all that is in the way, and writes nothing")
    func previews() async throws {
        let ada = try await checkout.member()
        let source = try await checkout.upload(seconds: 30, by: ada)
        let exact = try await checkout.preview(
            try Checkout.command(source, formats: [.vertical, .square], mode: .quality), by: ada)
        #expect(exact.credits == 3 && exact.isExact && exact.minutes == 1 && exact.formats == 2)
        #expect(exact.available == 10 && exact.availableAfter == 7 && exact.refusals.isEmpty)
        let most = try await checkout.preview(try Checkout.command(Checkout.address), by: ada)
        #expect(most.credits == 1 && !most.isExact)

        let long = try await checkout.upload(seconds: 601, by: ada)
        let refused = try await checkout.preview(try Checkout.command(long), by: ada)
        #expect(refused.credits == 11 && refused.availableAfter == nil)
        #expect(refused.refusals.map(\.code) == ["quota_source_too_long", "insufficient_credits"])
        #expect(try checkout.ledger(ada).version == 0)
        await #expect(throws: SubmissionError(faults: [.upload])) {
            _ = try await checkout.preview(
                try Checkout.command(.upload(checkout.workshop.identifiers.make())), by: ada)
        }
    }

    @Test("A13: of an address the price is at most that of the longest source of plan and server")
    func unknownLength() async throws {
        let ada = try await checkout.member(credits: 1000)
        #expect(try await checkout.preview(try Checkout.command(Checkout.address), by: ada).credits == 60)
        let bob = try await checkout.member("bob", tier: .premium)
        #expect(try await checkout.preview(try Checkout.command(Checkout.address), by: bob).credits == 5)
    }

    @Test("without accounts everything is free: no ledger, no count, no refusal")
    func local() async throws {
        let long = try await checkout.upload(seconds: 3000, by: .local)
        let preview = try await checkout.preview(try Checkout.command(long), by: .local)
        #expect(preview.credits == 0 && preview.isExact && preview.minutes == 50)
        #expect(preview.available == nil && preview.availableAfter == nil && preview.refusals.isEmpty)
        for _ in 1...5 { try await checkout.order(long, by: .local) }
        let local = Caller.local
        #expect(try checkout.ledger(local).version == 0)
        #expect(try checkout.store.read { try $0.credits.allowance(of: local.user) } == DailyAllowance())
        #expect(try checkout.workshop.job(of: try await checkout.order(by: .local))?.priority == 5)
    }

    @Test("A22: who may not work now orders nothing and hands nothing in", arguments: [false, true])
    func closed(isDeleted: Bool) async throws {
        let ada = try await checkout.member()
        let now = checkout.workshop.clock.now()
        var reception = try checkout.workshop.receive.begin(filename: "a.mp4", by: ada)
        try [1].withUnsafeBytes { try reception.append($0) }
        try await checkout.store.write { writer in
            guard var user = try writer.users.find(ada.user) else { throw NotFound.user }
            _ =
                try isDeleted
                ? user.delete(otherAdministrators: 1, at: now)
                : user.deactivate(otherAdministrators: 1, at: now)
            try writer.userWriter.update(user)
        }
        await #expect(throws: UserError.self) { try await checkout.order(by: ada) }
        await #expect(throws: UserError.self) {
            try await checkout.workshop.receive.finish(reception)
        }
        #expect(checkout.workshop.studio.files.isEmpty)
    }

    @Test("A11: a month's credits come in with the order that needs them")
    func month() async throws {
        let ada = try await checkout.member(credits: 5, longest: .seconds(60))
        for _ in 1...5 { try await checkout.order(by: ada) }
        await #expect(throws: OrderRefusal.self) { try await checkout.order(by: ada) }
        checkout.workshop.clock.advance(by: .seconds(31 * 86_400))
        try await checkout.order(by: ada)
        #expect(try checkout.ledger(ada).sums == [4, 6])
    }
}

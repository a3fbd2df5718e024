import Application
import Domain

/// One history of orders as it is being played.
final class OrderHistory {
    private let store: any Store
    private let random: SeededRandomSource
    private let clock = InMemoryClock()
    private let identifiers: IdentifierMaker
    private let media: InMemoryMediaStore
    private let studio: ChancyStudio
    private let feed: TaskFeed
    private let billing = Billing(tariff: Tariff(limitSeconds: 500), calendar: FixedCalendar())
    private let followers = JobFollowers([VideoTaskJobs()])
    private let desk: AccountDesk
    private let books: OrderBooks
    private var users: [Caller] = []
    private var keys: [(caller: Caller, command: SubmitVideoTask.Command, key: String)] = []
    private(set) var trace: [String] = []
    private(set) var tally = OrderSimulation.Tally()

    private static let tiers: [Tier.Name] = [.free, .premium]
    private static let admin = Caller(user: User.local, role: .admin, means: .local)

    init(seed: UInt64, store: any Store) {
        self.store = store
        random = SeededRandomSource(seed: seed)
        identifiers = IdentifierMaker(clock: clock, random: random)
        media = InMemoryMediaStore(identifiers: identifiers)
        studio = ChancyStudio(media: media, random: random)
        feed = TaskFeed(store: store, clock: clock)
        desk = AccountDesk(store: store, identifiers: identifiers, clock: clock)
        books = OrderBooks(store: store)
    }

    private var submit: SubmitVideoTask {
        SubmitVideoTask(
            store: store, catalog: FixedCaptionCatalog(templates: []), identifiers: identifiers, clock: clock,
            billing: billing)
    }
    private var handler: RunVideoTask {
        RunVideoTask(
            store: store,
            ports: RunVideoTask.Ports(
                media: media, inspector: studio, fetcher: studio, audio: studio, transcribers: [studio],
                pictures: studio, finders: [studio], renderer: studio, cache: InMemoryArtefactCache()),
            feed: feed, identifiers: identifiers, clock: clock, limitSeconds: 500, rendersAtOnce: 1)
    }

    private func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    /// Makes two users, and plans on which more happens than on the shipped ones.
    func begin() async throws {
        let plans = try [
            Tier(
                name: .free, monthlyCredits: 10, longestSource: .seconds(180), tasksPerDay: 4,
                concurrentTasks: 3, storage: 20, priority: 5),
            Tier(
                name: .premium, monthlyCredits: 60, longestSource: nil, tasksPerDay: nil, concurrentTasks: 5,
                storage: 1 << 20, priority: 4),
        ]
        let people = try ["ada", "bob"].map { name in
            User.register(
                id: identifiers.make(),
                profile: Profile(
                    username: try Username(name), email: try EmailAddress("\(name)@example.org"),
                    firstName: nil, lastName: nil),
                at: clock.now()
            ).user
        }
        try await store.write { writer in
            for plan in plans { try writer.tierWriter.put(plan) }
            for person in people { try writer.userWriter.insert(person) }
        }
        users = people.map { Caller(user: $0.id, role: .user, means: .session(identifiers.make())) }
    }

    /// Does one thing of those that can happen, and looks at everybody's credits.
    func step() async throws {
        clock.advance(by: .milliseconds(1 + below(1000)))
        let caller = users[below(users.count)]
        do {
            switch below(100) {
            case 0..<30: try await order(by: caller)
            case 30..<62: try await attempt()
            case 62..<70:
                try await onTask(of: caller, "cancel") { id in
                    _ = try await CancelVideoTask(store: self.store, clock: self.clock)(id, by: caller)
                }
            case 70..<78:
                try await onTask(of: caller, "resume") { id in
                    _ = try await ResumeVideoTask(
                        store: self.store, identifiers: self.identifiers, clock: self.clock,
                        billing: self.billing)(id, by: caller)
                }
            case 78..<83:
                try await onTask(of: caller, "delete") { id in
                    try await DeleteVideoTask(
                        store: self.store, media: self.media, feed: self.feed, clock: self.clock)(
                            id, by: caller)
                }
            case 83..<88: try await onJob(of: caller)
            case 88..<91: try await changePlan(of: caller)
            case 91..<93:
                note("look")
                _ = try await GetCredits(desk: desk)(by: caller)
            case 93: try await adjust(caller)
            default: passTime()
            }
        } catch let refusal as any CodedError {
            note("refused: \(refusal.code)")
            tally.refusals[refusal.code, default: 0] += 1
        } catch let failure as PortError {
            if case .corrupt = failure { throw failure }
            note("failed: \(failure)")
        }
        for user in users { try books.inspect(user.user) }
    }

    /// Ends the trouble and waits until everything has come to its end.
    func settle() async throws {
        studio.beKind()
        for _ in 0..<400 {
            let due = try store.read { try $0.jobs.nextDue(in: [Job.ordinaryQueue]) }
            let lost = try store.read { try $0.jobs.owners() }
            guard due != nil || !lost.isEmpty else { break }
            for owner in lost { try await lose(owner) }
            clock.set(to: max(clock.now(), due ?? clock.now()))
            try await attempt()
        }
        for user in users {
            let entries = try books.inspect(user.user)
            let held = try store.read { try $0.credits.ledger(of: user.user).held }
            guard held == .none else { throw OrderBooks.Complaint(text: "credits are held for ever") }
            for entry in entries { tally.entries[entry.kind.name, default: 0] += 1 }
            let ended = try store.read { try $0.tasks.statistics(of: user.user).tasks }
            tally.tasks.merge(ended, uniquingKeysWith: +)
        }
    }

    private func note(_ line: String) { trace.append("\(clock.now().milliseconds) \(line)") }

    private func order(by caller: Caller) async throws {
        if below(6) == 0, let known = keys.last(where: { $0.caller == caller }) {
            note("repeat")
            let before = try store.read { try $0.credits.ledger(of: caller.user) }
            if case .repeated = try await submit(
                known.command, by: caller, repetition: repetition(known.key))
            {
                let after = try store.read { try $0.credits.ledger(of: caller.user) }
                guard before == after else { throw OrderBooks.Complaint(text: "a repetition cost credits") }
            }
            return
        }
        let formats = Array(ClipFormat.allCases.prefix(1 + below(3)))
        let options = try ClipOptions(
            count: 3, formats: formats, captionTemplate: nil,
            mode: ProcessingMode.allCases[below(ProcessingMode.allCases.count)])
        let command = SubmitVideoTask.Command(
            source: below(2) == 0
                ? .upload(try await upload(by: caller)) : .address("https://a.example/v.mp4"),
            options: options)
        let preview = try await PreviewVideoTask(
            store: store, catalog: FixedCaptionCatalog(templates: []), clock: clock, billing: billing)(
                command, by: caller)
        note("order: \(preview.credits) of \(preview.available ?? -1)")
        let key = "key \(trace.count)"
        do {
            _ = try await submit(command, by: caller, repetition: repetition(key))
        } catch let refusal as OrderRefusal {
            guard preview.refusals.first == refusal else {
                throw OrderBooks.Complaint(text: "the preview did not say \(refusal.code)")
            }
            throw refusal
        }
        guard preview.refusals.isEmpty else {
            throw OrderBooks.Complaint(text: "the preview said no to what was taken")
        }
        let left = try store.read { try $0.credits.ledger(of: caller.user).available.total }
        guard left == preview.availableAfter else {
            throw OrderBooks.Complaint(text: "the preview told another balance")
        }
        keys.append((caller, command, key))
    }

    private func repetition(_ key: String) -> SubmitVideoTask.Repetition {
        SubmitVideoTask.Repetition(
            route: "orders", key: key,
            fingerprint: .none
        ) { (201, "\($0.id)", []) }
    }

    private func upload(by caller: Caller) async throws -> Identifier<Upload> {
        let receive = ReceiveUpload(
            store: store, media: media, inspector: studio, identifiers: identifiers, clock: clock,
            limitBytes: 100)
        var reception = try receive.begin(filename: "talk.mp4", by: caller)
        try [UInt8(truncatingIfNeeded: below(256)), 3, 4].withUnsafeBytes { try reception.append($0) }
        return try await receive.finish(reception).id
    }

    /// Has a worker take the next job, which may get lost before or while it works.
    private func attempt() async throws {
        let now = clock.now()
        let owner: Identifier<JobOwner> = identifiers.make()
        let claim = JobClaim(
            queues: [Job.ordinaryQueue], limit: 1, owner: owner, now: now, until: now + Job.Lease.shortest)
        let jobs = try await store.write { try $0.jobWriter.claim(claim) }
        guard let job = jobs.first, let run = RunningJob(job, store: store, policy: .ordinary, chance: 0)
        else { return }
        let fate = below(12)
        if fate == 0 {
            note("a worker is lost")
            return
        }
        let outcome = await handler.run(run)
        note("attempt: \(outcome)")
        if fate == 1 { return try await lose(owner) }
        let turn = JobTurn(
            endings: [
                AttemptEnding(hold: run.hold, way: .outcome(outcome, policy: .ordinary, chance: 0))
            ], claim: nil, now: clock.now(), followers: followers)
        _ = try await store.write { try turn.take(in: $0) }
    }

    /// Takes the jobs of a worker that is lost.
    private func lose(_ owner: Identifier<JobOwner>) async throws {
        let holds = try store.read { try $0.jobs.held(by: owner) }.compactMap(\.hold)
        let turn = JobTurn(
            endings: holds.map { AttemptEnding(hold: $0, way: .interrupted(.ownerGone)) }, claim: nil,
            now: clock.now(), followers: followers)
        _ = try await store.write { try turn.take(in: $0) }
    }

    private func onTask(
        of caller: Caller, _ what: String, _ body: (Identifier<VideoTask>) async throws -> Void
    ) async throws {
        let tasks = try store.read {
            try $0.tasks.page(of: caller.user, status: nil, limit: 6, before: nil).items
        }
        guard !tasks.isEmpty else { return }
        let task = tasks[below(tasks.count)].task
        note("\(what) \(task.id) (\(task.status.name))")
        try await body(task.id)
    }

    private func onJob(of caller: Caller) async throws {
        let jobs = try store.read {
            try $0.jobs.page(of: caller.user, state: nil, limit: 6, before: nil).items
        }
        guard !jobs.isEmpty else { return }
        let job = jobs[below(jobs.count)]
        if below(2) == 0 {
            note("call off the job of \(job.subject?.description ?? "")")
            _ = try await CancelJob(store: store, followers: followers, clock: clock)(job.id, by: caller)
        } else {
            note("retry the job of \(job.subject?.description ?? "")")
            _ = try await RetryJob(store: store, followers: followers, clock: clock)(job.id, by: caller)
        }
    }

    private func changePlan(of caller: Caller) async throws {
        let tier = Self.tiers[below(Self.tiers.count)]
        note("plan \(tier)")
        _ = try await ChangeTier(desk: desk)(
            caller.user, to: tier, by: Self.admin, from: .server)
    }

    private func adjust(_ caller: Caller) async throws {
        let input = TypedInput(text: UnchangedText(), domains: ASCIIDomainNames(), calendar: FixedCalendar())
        let amount = below(20) - 8
        note("adjust by \(amount)")
        _ = try await AdjustCredits(desk: desk, input: input)(
            of: caller.user, by: amount, because: "chance", by: Self.admin,
            from: .server)
    }

    private func passTime() {
        let days = [0, 0, 1, 1, 12, 33][below(6)]
        clock.advance(by: .seconds(days * 86_400 + below(7200)))
        note("\(days) days pass")
    }
}

extension ContentHash {
    /// Of nothing.
    fileprivate static let none = ContentHash(bytes: [UInt8](repeating: 0, count: 32))!
}

import Application
import Domain
import Testing

/// Orders of people with accounts, over the workshop's adapters in memory.
struct Checkout: Sendable {
    static let address = VideoTask.Source.address("https://a.example/v.mp4")

    let workshop = Workshop()
    let calendar = FixedCalendar(offsets: [Registry.berlin: .seconds(7200)])

    var billing: Billing { Billing(tariff: Tariff(limitSeconds: 3600), calendar: calendar) }
    var store: InMemoryStore { workshop.store }
    var submit: SubmitVideoTask {
        SubmitVideoTask(
            store: store, catalog: workshop.studio, identifiers: workshop.identifiers, clock: workshop.clock,
            billing: billing)
    }
    var preview: PreviewVideoTask {
        PreviewVideoTask(store: store, catalog: workshop.studio, clock: workshop.clock, billing: billing)
    }
    var resume: ResumeVideoTask {
        ResumeVideoTask(
            store: store, identifiers: workshop.identifiers, clock: workshop.clock, billing: billing)
    }

    /// Someone with an account on a plan.
    func member(_ name: String = "ada", tier: Tier.Name = .free, zone: TimeZoneName = .utc) async throws
        -> Caller
    {
        let profile = Profile(
            username: try Username(name), email: try EmailAddress("\(name)@example.org"), timeZone: zone)
        let user = User.register(
            id: workshop.identifiers.make(), profile: profile, tier: tier, at: workshop.clock.now()
        ).user
        try await store.write { try $0.userWriter.insert(user) }
        return Caller(user: user.id, role: .user, means: .session(workshop.identifiers.make()))
    }

    /// A plan, and someone on it.
    func member(
        credits: Int, longest: Duration? = nil, perDay: Int? = nil, atOnce: Int = 1000,
        storage: Int64 = 1 << 40, priority: Int = 7
    ) async throws -> Caller {
        let tier = try Tier(
            name: Tier.Name("studio"), monthlyCredits: credits, longestSource: longest, tasksPerDay: perDay,
            concurrentTasks: atOnce, storage: storage, priority: priority)
        try await store.write { try $0.tierWriter.put(tier) }
        return try await member(tier: tier.name)
    }

    /// Hands in a video of that length.
    func upload(seconds: Double, by caller: Caller, bytes: Int64 = 10) async throws -> VideoTask.Source {
        let upload = Upload(
            id: workshop.identifiers.make(), owner: caller.user, filename: "talk.mp4",
            content: .video(Self.facts(seconds)),
            file: MediaFile(
                id: workshop.studio.newFile().id, bytes: bytes,
                hash: ContentHash(bytes: [UInt8](repeating: 1, count: 32))!),
            createdAt: workshop.clock.now())
        try await store.write { try $0.uploadWriter.insert(upload) }
        return .upload(upload.id)
    }

    static func facts(_ seconds: Double) -> MediaFacts {
        MediaFacts(
            duration: seconds, width: 1280, height: 720, frameRate: 25, videoCodec: "h264", audioCodec: "aac",
            captions: [])
    }

    static func command(
        _ source: VideoTask.Source, formats: [ClipFormat] = [.vertical], mode: ProcessingMode = .balanced
    ) throws -> SubmitVideoTask.Command {
        SubmitVideoTask.Command(source: source, options: try ClipOptions(formats: formats, mode: mode))
    }

    @discardableResult
    func order(
        _ source: VideoTask.Source = Self.address, formats: [ClipFormat] = [.vertical],
        mode: ProcessingMode = .balanced, by caller: Caller
    ) async throws -> VideoTask {
        let command = try Self.command(source, formats: formats, mode: mode)
        guard case .created(let task) = try await submit(command, by: caller) else { throw NotFound.task }
        return task
    }

    func ledger(_ caller: Caller) throws -> CreditLedger {
        try store.read { try $0.credits.ledger(of: caller.user) }
    }

    func holds(_ task: VideoTask) throws -> [CreditHold] {
        try store.read { try $0.credits.holds(of: task.id) }
    }

    func status(_ task: VideoTask) throws -> VideoTask.Status? {
        try store.read { try $0.tasks.find(task.id)?.status }
    }

    func usage(_ caller: Caller) throws -> Usage {
        let desk = AccountDesk(store: store, identifiers: workshop.identifiers, clock: workshop.clock)
        return try GetUsage(desk: desk, calendar: calendar)(by: caller)
    }
}

extension CreditLedger {
    /// What can be spent and what is held.
    var sums: [Int] { [available.total, held.total] }
}

import Application
import Domain
import Testing

@Suite("What the local user has finds an heir")
struct InheritLocalThingsTests {
    private let workshop = Workshop()
    private let owners = InMemoryOwners()

    private var inherit: InheritLocalThings {
        InheritLocalThings(
            desk: AccountDesk(
                store: workshop.store, identifiers: workshop.identifiers, clock: workshop.clock),
            owners: owners)
    }

    /// An administrator as the store has one.
    private func administrator(_ number: UInt64) async throws -> Identifier<User> {
        let user = User.register(
            id: Identifier(high: number, low: 1),
            profile: try Profile(
                username: Username("grace\(number)"), email: EmailAddress("grace\(number)@example.org")),
            role: .admin, at: workshop.clock.now()
        ).user
        try await workshop.store.write { try $0.userWriter.insert(user) }
        return user.id
    }

    private func owner(of task: VideoTask) throws -> Identifier<User>? {
        try workshop.store.read { try $0.tasks.find(task.id)?.owner }
    }

    @Test("what was made without accounts again goes to the administrator of longest standing, each time")
    func again() async throws {
        #expect(try await inherit() == .nothing)
        let first = try await workshop.order()
        #expect(try await inherit() == .nothing)
        let heir = try await administrator(1)
        _ = try await administrator(2)
        #expect(try await inherit() == .inherited(by: heir))
        #expect(try await inherit() == .nothing)
        let second = try await workshop.order()
        #expect(try await inherit() == .inherited(by: heir))
        #expect(try owner(of: first) == heir && owner(of: second) == heir)
        let trail = try workshop.store.read { try $0.audit.page(AuditFilter(), limit: 9, before: nil).items }
        #expect(trail.map(\.action) == [.ownershipHandedOver, .ownershipHandedOver])
    }

    @Test("while a command works for the local user nothing is taken from it")
    func command() async throws {
        let heir = try await administrator(1)
        let owner: Identifier<JobOwner> = workshop.identifiers.make()
        let command = SubmitVideoTask.Command(
            source: .address("https://a.example/v.mp4"), options: try ClipOptions(),
            queue: Job.privateQueue(of: owner))
        _ = try await workshop.submit(command, by: .local)
        let presence = try owners.enter(owner)
        #expect(try await inherit() == .postponed)
        let claim = JobClaim(
            queues: [Job.privateQueue(of: owner)], limit: 1, owner: owner, now: workshop.clock.now(),
            until: workshop.clock.now() + .seconds(30))
        #expect(try await workshop.store.write { try $0.jobWriter.claim(claim) }.count == 1)
        #expect(try await inherit() == .postponed)
        withExtendedLifetime(presence) {}
        let killed = InheritLocalThings(
            desk: AccountDesk(
                store: workshop.store, identifiers: workshop.identifiers, clock: workshop.clock),
            owners: InMemoryOwners())
        #expect(try await killed() == .inherited(by: heir))
    }

    @Test("a task that is handed over while it runs goes on, with what was handed in for it")
    func running() async throws {
        let captions = try await workshop.upload("talk.srt")
        let heir = try await administrator(1)
        guard
            case .created(let task) = try await workshop.submit(
                SubmitVideoTask.Command(
                    source: .address("https://a.example/v.mp4"), captions: captions.id,
                    options: try ClipOptions(count: 1)), by: .local)
        else { throw NotFound.task }
        let inherit = inherit
        workshop.studio.change { $0.onFetch = { _ = try await inherit() } }
        #expect(try await workshop.attempt() == .completed)
        #expect(try owner(of: task) == heir)
        #expect(workshop.studio.cachedOwners == [heir])
    }
}

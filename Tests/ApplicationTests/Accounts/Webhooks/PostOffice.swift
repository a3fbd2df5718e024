import Application
import Domain
import Synchronization
import Testing

/// The use cases of webhooks beside those of clipping, with receivers that answer as a test says.
struct PostOffice: Sendable {
    static let other = Caller(
        user: Identifier(high: 0x7000, low: 0x8000_0000_0000_0001), role: .user, means: .local)

    let workshop = Workshop()
    let secrets: InMemoryWebhookSecrets
    let sender: InMemoryWebhookSender
    let handler: DeliverWebhook
    private let answers: Answers

    /// What receivers answer, by their address.
    private final class Answers: Sendable {
        let replies = Mutex<[String: WebhookReply]>([:])
    }

    /// - Parameter meanwhile: What goes on while something is sent.
    init(meanwhile: @escaping @Sendable (WebhookMessage) async throws(PortError) -> Void = { _ in }) {
        let answers = Answers()
        self.answers = answers
        secrets = InMemoryWebhookSecrets(random: workshop.random)
        sender = InMemoryWebhookSender { message async throws(PortError) in
            try await meanwhile(message)
            return answers.replies.withLock { $0[message.address.text] }
                ?? .answered(status: 204, body: [], retryAfter: nil)
        }
        handler = DeliverWebhook(
            DeliverWebhook.Ports(
                store: workshop.store, secrets: secrets, sender: sender, clock: workshop.clock,
                random: SeededRandomSource(seed: 1), identifiers: workshop.identifiers,
                encode: { Array("\($0.kind.rawValue) \($0.id)".utf8) }))
    }

    var clock: InMemoryClock { workshop.clock }
    var store: InMemoryStore { workshop.store }
    var desk: AccountDesk {
        AccountDesk(store: store, identifiers: workshop.identifiers, clock: clock)
    }
    var create: CreateWebhook { CreateWebhook(desk: desk, secrets: secrets) }
    var replay: ReplayWebhookDelivery { ReplayWebhookDelivery(desk: desk) }

    /// From now on a receiver answers so.
    func answer(_ address: String, _ status: Int, retryAfter: Duration? = nil) {
        answers.replies.withLock {
            $0[address] = .answered(status: status, body: [], retryAfter: retryAfter)
        }
    }

    @discardableResult
    func webhook(
        _ address: String = "https://a.example/hook",
        events: Set<WebhookEvent.Kind> = WebhookEvent.Kind.subscribable, by caller: Caller = .local
    ) async throws -> IssuedWebhook {
        try await create(
            CreateWebhook.Command(address: WebhookAddress(stored: address), events: events), by: caller,
            from: .server)
    }

    /// Orders a task and stops it: the quickest end.
    @discardableResult
    func cancelTask(notifying address: String? = nil) async throws -> VideoTask {
        let task = try await workshop.order(
            ClipOptions(count: 1, notifyAddress: address.map { WebhookAddress(stored: $0) }))
        return try await workshop.cancel(task.id, by: .local).task
    }

    /// Claims the next delivery that is due; nil when none is.
    func claim() async throws -> RunningJob? {
        let claim = JobClaim(
            queues: [DeliverWebhook.queue], limit: 1, owner: workshop.owner, now: clock.now(),
            until: clock.now() + .seconds(30))
        return try await store.write { try $0.jobWriter.claim(claim) }.first.flatMap {
            RunningJob($0, store: store, policy: .ordinary, chance: 0)
        }
    }

    /// Stores how an attempt ended, as a worker does.
    func end(_ job: RunningJob, as outcome: JobOutcome) async throws {
        let turn = JobTurn(
            endings: [
                AttemptEnding(hold: job.hold, way: .outcome(outcome, policy: .ordinary, chance: 0))
            ], claim: nil, now: clock.now(), followers: JobFollowers([WebhookJobs()]))
        _ = try await store.write { try turn.take(in: $0) }
    }

    /// Makes all attempts that are due now; returns how each job ended.
    @discardableResult
    func deliver() async throws -> [JobOutcome] {
        var outcomes: [JobOutcome] = []
        while let job = try await claim() {
            let outcome = await handler.run(job)
            try await end(job, as: outcome)
            outcomes.append(outcome)
        }
        return outcomes
    }

    func deliveries(to webhook: Webhook) throws -> [WebhookDelivery] {
        try store.read { try $0.webhooks.deliveries(to: webhook.id, limit: 100, before: nil).items }
    }

    func notifications(of task: VideoTask) throws -> [WebhookDelivery] {
        try store.read { try $0.webhooks.deliveries(about: task.id, limit: 100, before: nil).items }
    }

    func now(_ webhook: Webhook) throws -> Webhook {
        try #require(try store.read { try $0.webhooks.find(webhook.id) })
    }
}

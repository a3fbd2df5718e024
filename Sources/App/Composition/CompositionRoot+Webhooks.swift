import Application
import Domain
import Infrastructure
import Presentation

extension CompositionRoot {
    /// How often a process that has not delivered anything yet looks whether there is something.
    private static let firstLook = Duration.seconds(1)

    /// What webhooks are signed with; the key of the data folder is read, or made, when the first one needs it.
    var webhookSecrets: any WebhookSecrets {
        SodiumWebhookSecrets { [given, data, identifiers] in
            do {
                return try KeyRing(of: given, in: data, identifiers: identifiers)
            } catch {
                throw PortError.unavailable("\(error)")
            }
        }
    }

    /// Delivers events, in a lane of their own beside the work on tasks, until the task is cancelled.
    ///
    /// The lane opens with the first delivery, so that who uses no webhooks pays for none.
    func deliverWebhooks() async throws {
        while !isSomethingToDeliver {
            guard (try? await clock.sleep(until: clock.now() + Self.firstLook)) != nil else { return }
        }
        let worker = JobWorker(
            owner: identifiers.make(), handlers: observed([deliverWebhook]), followers: followers,
            ports: JobWorker.Ports(
                store: store, owners: owners, pacemaker: ThreadPacemaker(), clock: clock, random: random),
            settings: JobWorker.Settings(
                queues: [DeliverWebhook.queue], concurrency: DeliverWebhook.concurrency),
            tell: { [log = telemetry.loggers.named("jobs")] in log.write($0) })
        try await worker.run()
    }

    /// Whether there is, be it in the hands of a process that was killed: the lane takes that from it.
    ///
    /// A store that cannot tell now is asked again.
    private var isSomethingToDeliver: Bool {
        let isFound = try? store.read { reader -> Bool in
            if try reader.jobs.nextDue(in: [DeliverWebhook.queue]) != nil { return true }
            return try reader.jobs.owners().contains { owner in
                try reader.jobs.held(by: owner).contains { $0.queue == DeliverWebhook.queue }
            }
        }
        return isFound ?? false
    }

    private var deliverWebhook: DeliverWebhook {
        DeliverWebhook(
            DeliverWebhook.Ports(
                store: store, secrets: webhookSecrets,
                sender: CurlWebhookSender(
                    policy: AddressPolicy(allowed: configuration[Settings.allowAddresses])),
                clock: clock, random: random, identifiers: identifiers, encode: WireDocument.event))
    }
}

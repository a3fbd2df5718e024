public import Domain

/// Keeps a delivery in step with its job where people take that in hand: called off, given up, or tried again.
public struct WebhookJobs: JobFollower {
    /// A follower of the jobs that deliver.
    public init() {}

    /// The kind of jobs that deliver.
    public var kind: String { DeliverWebhook.jobKind }

    /// Ends the delivery of a job that has ended early, and hastens that of one that was retried.
    public func follow(_ event: JobEvent, of job: Job, in writer: any StoreWriter, at now: Timestamp) throws {
        guard let id = job.subject?.of(WebhookDelivery.self), var delivery = try writer.webhooks.delivery(id)
        else { return }
        let former = delivery
        switch event {
        case .cancelled, .discarded: delivery.abandon(at: now)
        case .revived: delivery.hasten(at: now)
        case .claimed, .snoozed, .retried, .interrupted, .cancellationRequested, .completed: return
        }
        if delivery != former { try writer.webhookWriter.update(delivery) }
    }
}

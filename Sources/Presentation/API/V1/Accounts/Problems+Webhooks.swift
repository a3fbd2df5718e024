internal import Domain

/// The kinds of refusal that have to do with webhooks.
extension ProblemKind {
    static let tooManyWebhooks = named("webhook_too_many")
    static let webhookDisabled = named("webhook_disabled")
}

extension Problem {
    /// The refusals that have to do with webhooks.
    init(_ error: WebhookError) {
        switch error {
        case .tooMany: self.init(.tooManyWebhooks, error.explanation)
        case .disabled: self.init(.webhookDisabled, error.explanation)
        case .description: self.init(faults: [Fault(.body("/description"), .badFormat, error.explanation)])
        case .events: self.init(faults: [Fault(.body("/events"), .outOfRange, error.explanation)])
        }
    }
}

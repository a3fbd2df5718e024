internal import Application
internal import Domain

extension RateLimitState {
    /// An allowance in HTTP's terms: whole seconds, rounded up, so that who waits as long comes late enough.
    init(_ allowance: Allowance) {
        let decision = allowance.decision
        self.init(
            name: allowance.kind.rawValue, quota: allowance.limit.burst,
            window: allowance.limit.window.secondsRoundedUp, remaining: decision.remaining,
            reset: decision.reset.secondsRoundedUp,
            retryAfter: decision.isAllowed ? nil : max(1, decision.retryAfter.secondsRoundedUp))
    }
}

extension RateLimiter {
    /// Counts requests for which nobody in particular stands.
    var strangers: StrangerLimit {
        { request, pace in
            guard pace != .unlimited else { return nil }
            return RateLimitState(
                count(strangerAt: request.client.network, isEntering: pace == .entrance))
        }
    }
}

extension Duration {
    fileprivate var secondsRoundedUp: Int64 {
        components.seconds + (components.attoseconds > 0 ? 1 : 0)
    }
}

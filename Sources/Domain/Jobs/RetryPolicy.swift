/// How long to wait before the next try: exponentially longer, with jitter, so that what failed together is
/// not tried together.
public struct RetryPolicy: Hashable, Sendable {
    /// Four tries within ten minutes: about 30 s, 2 min and 5 min apart (at most 9 min together).
    public static let ordinary = RetryPolicy(base: .seconds(30), factor: 4, cap: .seconds(300), jitter: 0.2)

    /// The pause after the first failure.
    public let base: Duration
    /// By how much each pause is longer than the one before.
    public let factor: Double
    /// The longest pause before jitter.
    public let cap: Duration
    /// By which part of itself a pause may be shorter or longer, 0–1.
    public let jitter: Double

    /// A policy.
    public init(base: Duration, factor: Double, cap: Duration, jitter: Double) {
        self.base = base
        self.factor = factor
        self.cap = cap
        self.jitter = jitter
    }

    /// The pause after the failure with that number (1 for the first).
    ///
    /// - Parameter chance: 64 random bits, which place the pause within the jitter.
    public func pause(afterFailure number: Int, chance: UInt64) -> Duration {
        let exponent = Double(max(0, number - 1))
        let plain = min(base.inSeconds * power(factor, exponent), cap.inSeconds)
        let place = Double(chance >> 11) / Double(UInt64(1) << 53) * 2 - 1
        return .milliseconds(Int64(plain * (1 + jitter * place) * 1000))
    }
}

/// How often one and the same may ask a server for something.
public struct RequestPaces: Hashable, Sendable {
    /// What a server with accounts allows unless it is told otherwise: 100 a minute, 200 at once.
    public static let ordinary = RequestPaces(100, per: .seconds(60))

    /// For each user, for each API key, and for each address of which it is not known who is there.
    public let ordinary: RateLimit
    /// For each address where people come in: signing up and in, and choosing another password.
    ///
    /// A tenth of the ordinary pace: who comes in does so a few times a day, and who guesses does nothing else.
    public let entrance: RateLimit
    /// How often one may be refused, or show what is not good, and still be trusted: ten times a minute.
    ///
    /// Who has used up half of it is served at half the pace, until a minute has passed without another one.
    public let misconduct = RateLimit(10, per: .seconds(60), burst: 20)

    /// So many requests in each period, and twice as many at once.
    ///
    /// The numbers are brought within the bounds of ``RateLimit``.
    public init(_ count: Int, per period: Duration) {
        let count = min(max(count, RateLimit.counts.lowerBound), RateLimit.counts.upperBound)
        ordinary = RateLimit(count, per: period, burst: 2 * count)
        let tenth = max(1, count / 10)
        entrance = RateLimit(tenth, per: period, burst: 2 * tenth)
    }
}

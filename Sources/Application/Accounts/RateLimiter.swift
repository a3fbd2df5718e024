public import Domain

/// Keeps everyone to a pace: each user, each API key, and each address of which it is not known who is there.
///
/// - A user's pace holds for all that the user's sessions and keys do together, and a key's for that key. An address
///   counts where nobody in particular asks: on open routes, under addresses where nothing is, and where what was
///   shown is not good. Who shows what is good is never held up by others behind the same address.
/// - Nobody begins with more than the ordinary pace, and nobody earns more. But who goes on asking after being
///   refused, or keeps showing what is not good, is trusted less: a key, a user who signed in, or an address gets half
///   the pace for as long as ``Domain/RequestPaces/misconduct`` says. One key that runs wild thus leaves half of its
///   user's pace to the user.
///
/// Everything is in the memory of this process and forgotten with it.
public struct RateLimiter: Sendable {
    private let paces: RequestPaces
    private let requests = ArrivalTable<Subject>()
    /// Those that were refused, or showed what is not good: of few, and so in a table of its own that stays small.
    private let misconduct = ArrivalTable<Subject>(capacity: 1 << 17)
    private let now: @Sendable () -> Int64

    /// A limiter that knows nobody yet.
    ///
    /// - Parameter now: Tells the time in nanoseconds, by a clock that never goes back.
    public init(_ paces: RequestPaces, now: @escaping @Sendable () -> Int64) {
        self.paces = paces
        self.now = now
    }

    /// Counts a request of a caller.
    ///
    /// - Returns: What is left to the caller, by whichever limit leaves less; nil when nobody is counted, as on a
    ///   server without accounts.
    public func count(_ caller: Caller) -> Allowance? {
        let now = now()
        switch caller.means {
        case .local: return nil
        case .session:
            return count(.user(caller.user), by: paces.ordinary, at: now)
        case .apiKey(let key, _):
            // The key first: what it is refused for is not taken from its user.
            let ofKey = count(.key(key), by: paces.ordinary, at: now)
            guard ofKey.isAllowed else { return ofKey }
            let ofUser = Allowance(
                .user, paces.ordinary,
                requests.decide(.user(caller.user), by: paces.ordinary, at: now))
            if !ofUser.isAllowed { distrust(.key(key), at: now) }
            return ofUser.remaining <= ofKey.remaining ? ofUser : ofKey
        }
    }

    /// Counts a request for which nobody in particular stands.
    ///
    /// - Parameters:
    ///   - address: From where it comes; all that come from no known address are counted together.
    ///   - isEntering: Whether somebody wants to come in, by signing up, in, or choosing another password.
    public func count(strangerAt address: NetworkAddress?, isEntering: Bool) -> Allowance {
        let place = address?.subscriber
        return isEntering
            ? count(.entrance(place), by: paces.entrance, at: now())
            : count(.address(place), by: paces.ordinary, at: now())
    }

    /// Counts a request that has shown something which is not good.
    public func count(failureAt address: NetworkAddress?) -> Allowance {
        let (subject, now) = (Subject.address(address?.subscriber), now())
        let allowance = count(subject, by: paces.ordinary, at: now)
        // One that was refused as well is counted already.
        if allowance.isAllowed { distrust(subject, at: now) }
        return allowance
    }

    private func count(_ subject: Subject, by limit: RateLimit, at now: Int64) -> Allowance {
        let limit = isTrusted(subject, at: now) ? limit : limit.halved
        let allowance = Allowance(subject.kind, limit, requests.decide(subject, by: limit, at: now))
        if !allowance.isAllowed { distrust(subject, at: now) }
        return allowance
    }

    private func isTrusted(_ subject: Subject, at now: Int64) -> Bool {
        guard let arrival = misconduct.arrival(of: subject) else { return true }
        return !paces.misconduct.isHalfSpent(arrival, at: now)
    }

    private func distrust(_ subject: Subject, at now: Int64) {
        _ = misconduct.decide(subject, by: paces.misconduct, at: now)
    }
}

/// Who is counted.
private enum Subject: Hashable, Sendable {
    case user(Identifier<User>)
    case key(Identifier<APIKey>)
    case address(NetworkAddress?)
    case entrance(NetworkAddress?)

    var kind: Allowance.Kind {
        switch self {
        case .user: .user
        case .key: .key
        case .address: .address
        case .entrance: .entrance
        }
    }
}

/// What a limit leaves to somebody, and whether the request that was counted may be served.
public struct Allowance: Hashable, Sendable {
    /// For what the limit holds.
    public enum Kind: String, Sendable {
        /// All that a user does.
        case user
        /// All that is done with an API key.
        case key
        /// All that comes from an address.
        case address
        /// All attempts to come in from an address.
        case entrance = "sign-in"
    }

    /// For what the limit holds.
    public let kind: Kind
    /// The limit.
    public let limit: RateLimit
    /// What becomes of the request.
    public let decision: RateLimit.Decision

    init(_ kind: Kind, _ limit: RateLimit, _ decision: RateLimit.Decision) {
        self.kind = kind
        self.limit = limit
        self.decision = decision
    }

    /// Whether the request may be served.
    public var isAllowed: Bool { decision.isAllowed }
    /// How many more could come at once after it.
    public var remaining: Int { decision.remaining }
}

import Domain

/// One look at a password, as it is counted against who guesses: for the name that was typed, and for the
/// network from which it was.
struct SignInAttempt: Sendable {
    private struct Count: Sendable {
        let subject: SignInSubject
        let policy: SignInThrottle.Policy
        let throttle: SignInThrottle
        let attempt: SignInThrottle.Attempt
    }

    private let counts: [Count]

    /// An attempt now, which is not counted yet.
    ///
    /// - Parameter name: In the stored form.
    /// - Throws: ``Domain/SignInError/throttled(until:isLocked:)`` when it comes too soon.
    init(name: String, network: NetworkAddress?, at now: Timestamp, in reader: any StoreReader) throws {
        var subjects: [(SignInSubject, SignInThrottle.Policy)] = [(.name(name), .account)]
        if let network { subjects.append((.address(network), .address)) }
        counts = try subjects.map { subject, policy in
            var throttle = try reader.throttles.find(subject)
            let attempt = try throttle.attempt(at: now, by: policy)
            return Count(subject: subject, policy: policy, throttle: throttle, attempt: attempt)
        }
    }

    /// Whether it locks others out for a time, unless it succeeds.
    var isLocking: Bool { counts.contains { $0.throttle.isLocked(by: $0.policy) } }

    /// Counts it as failed until it succeeds.
    func begin(in writer: any StoreWriter) throws {
        for count in counts { try writer.throttleWriter.put(count.throttle, for: count.subject) }
    }

    /// Takes the failure back.
    func succeed(in writer: any StoreWriter) throws {
        try change(in: writer) { $0.succeed($1.attempt, by: $1.policy) }
    }

    /// Takes the attempt back, since nobody looked at the password.
    func takeBack(in writer: any StoreWriter) throws {
        try change(in: writer) { $0.takeBack($1.attempt) }
    }

    private func change(in writer: any StoreWriter, _ body: (inout SignInThrottle, Count) -> Void) throws {
        for count in counts {
            var throttle = try writer.throttles.find(count.subject)
            body(&throttle, count)
            try writer.throttleWriter.put(throttle, for: count.subject)
        }
    }
}

extension Profile {
    /// The stored forms of what its owner can sign in with.
    var signInNames: [String] { [username.key, email.text] }
}

extension StoreWriter {
    /// Forgets the failed attempts to sign in with these names.
    func forgetAttempts(for names: [String]) throws {
        for name in names { try throttleWriter.put(SignInThrottle(), for: .name(name)) }
    }
}

import Domain

/// One look at a password, as it is counted against who guesses: for the name that was typed, and for the
/// network from which it was.
struct SignInAttempt: Sendable {
    private let counted: [(subject: SignInSubject, policy: SignInThrottle.Policy)]

    /// An attempt.
    ///
    /// - Parameter name: In the stored form.
    init(name: String, network: NetworkAddress?) {
        counted = [(.name(name), .account)] + (network.map { [(.address($0), .address)] } ?? [])
    }

    /// Counts the attempt as failed until it succeeds; one that comes too soon is not counted, and returned.
    func begin(in writer: any StoreWriter, at now: Timestamp) throws -> SignInError? {
        var throttles: [(SignInSubject, SignInThrottle)] = []
        for (subject, policy) in counted {
            var throttle = try writer.throttles.find(subject)
            do throws(SignInError) {
                try throttle.attempt(at: now, by: policy)
            } catch {
                return error
            }
            throttles.append((subject, throttle))
        }
        for (subject, throttle) in throttles { try writer.throttleWriter.put(throttle, for: subject) }
        return nil
    }

    /// Takes the failure back.
    func succeed(in writer: any StoreWriter) throws {
        for (subject, policy) in counted {
            var throttle = try writer.throttles.find(subject)
            throttle.succeed(by: policy)
            try writer.throttleWriter.put(throttle, for: subject)
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

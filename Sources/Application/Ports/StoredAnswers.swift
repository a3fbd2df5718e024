public import Domain

/// Which repeated requests are the same one: who asks, on which route, under which key.
public struct IdempotencyKey: Hashable, Sendable {
    /// Who asks: the same key of another user is another one.
    public let caller: Identifier<User>
    /// On which route.
    public let route: String
    /// The key that the caller chose, 1–255 characters.
    public let key: String

    /// A key of a caller on a route.
    public init(caller: Identifier<User>, route: String, key: String) {
        self.caller = caller
        self.route = route
        self.key = key
    }
}

/// An answer that is given again, byte for byte, when its request is repeated.
public struct StoredAnswer: Hashable, Sendable {
    /// How long an answer is kept.
    public static let lifetime = Duration.seconds(24 * 60 * 60)

    /// The hash of the request's body: the same key with another body is refused.
    public let fingerprint: ContentHash
    /// The status code.
    public let status: Int
    /// Where the thing that was made is found.
    public let location: String
    /// The body's bytes.
    public let body: [UInt8]
    /// When it was first given.
    public let createdAt: Timestamp

    /// An answer to keep.
    public init(
        fingerprint: ContentHash, status: Int, location: String, body: [UInt8], createdAt: Timestamp
    ) {
        self.fingerprint = fingerprint
        self.status = status
        self.location = location
        self.body = body
        self.createdAt = createdAt
    }
}

/// An answer with what it is found by.
public struct KeyedAnswer: Hashable, Sendable {
    /// What it is found by.
    public let key: IdempotencyKey
    /// The answer.
    public let answer: StoredAnswer

    /// An answer under a key.
    public init(key: IdempotencyKey, answer: StoredAnswer) {
        self.key = key
        self.answer = answer
    }
}

/// Reads stored answers.
public protocol StoredAnswerReader {
    /// The answer under that key, nil when there is none.
    func find(_ key: IdempotencyKey) throws -> StoredAnswer?
    /// Up to `limit` answers that a user got, after the one under `key`, in the order of routes and keys.
    func page(of caller: Identifier<User>, limit: Int, after key: IdempotencyKey?) throws -> [KeyedAnswer]
}

/// Keeps answers.
public protocol StoredAnswerWriter {
    /// Keeps an answer; one under the same key is replaced.
    func put(_ answer: StoredAnswer, under key: IdempotencyKey) throws
    /// Forgets all answers that a user got.
    func forgetAll(of caller: Identifier<User>) throws
    /// Forgets up to `limit` answers given before `moment`; returns how many.
    func forget(before moment: Timestamp, limit: Int) throws -> Int
}

import Synchronization

/// Remembers what is written in tokens whose signatures were found good: who calls shows the same one again and again.
///
/// Only what follows from the token alone is remembered, and found again by all of its bytes. Whether its time is over
/// and its session still open is for others to look at, each time.
final class VerifiedTokens<Content: Sendable>: Sendable {
    private struct Entry: Sendable {
        let token: [UInt8]
        let content: Content
    }

    /// A power of two; a token takes the place of another that has the same.
    private static var capacity: Int { 512 }

    private let entries = Mutex([Entry?](repeating: nil, count: VerifiedTokens.capacity))

    /// What is written in a token, as it is remembered, else as `read` finds it; nil is not remembered.
    func content(of token: [UInt8], orRead read: () -> Content?) -> Content? {
        let place = Self.place(of: token)
        let known = entries.withLock { $0[place] }
        if let known, known.token == token { return known.content }
        guard let content = read() else { return nil }
        entries.withLock { $0[place] = Entry(token: token, content: content) }
        return content
    }

    /// By a hash with a random seed.
    private static func place(of token: [UInt8]) -> Int {
        var hasher = Hasher()
        token.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize() & (capacity - 1)
    }
}

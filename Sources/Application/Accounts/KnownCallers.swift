import Domain
import Synchronization

/// Who called of late, for as long as nothing is committed.
///
/// A program asks many times in a row, and to look up its session or key and its user each time takes longer than
/// most of what it asks for. What is remembered is forgotten with every commit of this process, before whoever
/// committed goes on, so that nobody who was locked out is let in again; a commit of another process is noticed
/// when the store notices it.
final class KnownCallers: Sendable {
    /// Somebody who was let in.
    struct Entry: Sendable {
        let caller: Caller
        /// The key that was shown; nil for a session.
        var key: APIKey?
        /// When what was shown stops working by itself.
        let until: Timestamp?
    }

    /// How many are remembered at most; then all are forgotten.
    static let capacity = 1024

    private struct State {
        var commits: UInt64 = 0
        var entries: [String: Entry] = [:]
    }

    /// Counts commits.
    private final class Commits: Sendable {
        let count = Atomic<UInt64>(0)
    }

    private let commits = Commits()
    private let state = Mutex(State())
    private let observation: any StoreObservation

    init(_ store: any Store) {
        observation = store.observe { [commits] in commits.count.add(1, ordering: .releasing) }
    }

    /// Who shows `credential` now, as it is remembered, else as `find` says.
    func entry(for credential: String, at now: Timestamp, orFind find: () throws -> Entry) rethrows -> Entry {
        // Before the look: what is committed during it makes its result old.
        let commits = commits.count.load(ordering: .acquiring)
        let known = state.withLock { $0.commits == commits ? $0.entries[credential] : nil }
        if let known, known.until.map({ now < $0 }) ?? true { return known }
        let entry = try find()
        state.withLock { state in
            guard state.commits <= commits else { return }
            if state.commits < commits || state.entries.count >= Self.capacity {
                state = State(commits: commits)
            }
            state.entries[credential] = entry
        }
        return entry
    }
}

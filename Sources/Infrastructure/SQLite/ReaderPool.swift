import Synchronization

/// Connections for reading, each lent to one synchronous body at a time.
///
/// The connection that came back last is lent first, so that its page cache is warm. There are never more
/// than threads that read at the same moment.
final class ReaderPool: @unchecked Sendable {
    // Unchecked: a session is either in the list, which the Mutex guards, or with the one body it is lent to.
    private struct Idle: @unchecked Sendable {
        var sessions: [SQLiteSession] = []
        var isClosed = false
    }

    /// How many idle connections are kept.
    private static let mostIdle = 8

    private let idle = Mutex(Idle())
    private let open: @Sendable () throws(SQLiteError) -> SQLiteSession

    init(open: @escaping @Sendable () throws(SQLiteError) -> SQLiteSession) {
        self.open = open
    }

    /// Runs `body` in one snapshot.
    func read<Value>(_ body: (SQLiteSession) throws -> Value) throws -> Value {
        let session = try lend()
        defer { giveBack(session) }
        try session.run("BEGIN")
        do {
            let value = try body(session)
            try session.run("COMMIT")
            return value
        } catch {
            if !session.connection.isOutsideTransaction { _ = try? session.run("ROLLBACK") }
            throw error
        }
    }

    /// Closes the idle connections; those that are lent are closed when they come back.
    func close() {
        let closing = idle.withLock { idle in
            idle.isClosed = true
            defer { idle.sessions = [] }
            return Idle(sessions: idle.sessions)
        }
        _ = consume closing
    }

    private func lend() throws(SQLiteError) -> SQLiteSession {
        let (waiting, isClosed) = idle.withLock { idle in
            (Lent(session: idle.sessions.popLast()), idle.isClosed)
        }
        if let session = waiting.session { return session }
        guard !isClosed else { throw .closed }
        return try open()
    }

    private func giveBack(_ session: SQLiteSession) {
        let returned = Lent(session: session)
        let surplus = idle.withLock { idle in
            guard !idle.isClosed, idle.sessions.count < Self.mostIdle, let session = returned.session else {
                return returned
            }
            idle.sessions.append(session)
            return Lent(session: nil)
        }
        _ = consume surplus
    }

    /// Carries a session out of the lock to its only user.
    private struct Lent: @unchecked Sendable {
        let session: SQLiteSession?
    }
}

import Application
import Domain

/// How many attempts to sign in have failed, in SQLite.
struct SQLiteSignInThrottles: SignInThrottleReader, SignInThrottleWriter {
    let session: SQLiteSession

    func find(_ subject: SignInSubject) throws -> SignInThrottle {
        try session.first(
            "SELECT failures, last_failure_at FROM sign_in_throttles WHERE kind = ? AND subject = ?",
            subject.kind, subject
        ) { SignInThrottle(failures: $0.next(), lastFailureAt: $0.next()) } ?? SignInThrottle()
    }

    func put(_ throttle: SignInThrottle, for subject: SignInSubject) throws {
        guard let lastFailureAt = throttle.lastFailureAt else {
            try session.run(
                "DELETE FROM sign_in_throttles WHERE kind = ? AND subject = ?", subject.kind, subject)
            return
        }
        try session.run(
            """
            INSERT INTO sign_in_throttles (kind, subject, failures, last_failure_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (kind, subject) DO UPDATE SET
                failures = excluded.failures, last_failure_at = excluded.last_failure_at
            """, subject.kind, subject, throttle.failures, lastFailureAt)
    }

    func forget(before moment: Timestamp, limit: Int) throws -> Int {
        try session.run(
            """
            DELETE FROM sign_in_throttles WHERE (kind, subject) IN (
                SELECT kind, subject FROM sign_in_throttles
                WHERE last_failure_at < ? ORDER BY last_failure_at LIMIT ?)
            """, moment, limit)
    }
}

extension SignInSubject: Bindable {
    fileprivate var kind: String {
        switch self {
        case .name: "name"
        case .address: "address"
        }
    }

    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch self {
        case .name(let name): Array(name.utf8).bind(to: statement, at: index)
        case .address(let address): address.bind(to: statement, at: index)
        }
    }

    package var byteCount: Int {
        if case .name(let name) = self { name.utf8.count } else { 0 }
    }
}

import Application
import Domain

/// The tokens that were mailed, in SQLite: one for each user and purpose.
struct SQLiteMailedTokens: MailedTokenReader, MailedTokenWriter {
    let session: SQLiteSession

    func find(hash: TokenHash) throws -> MailedToken? {
        try session.first(
            "SELECT user, email, expires_at, used_at FROM mailed_tokens WHERE hash = ?", hash
        ) { row in
            let user = row.next(Identifier<User>.self)
            let email = try row.nextEmail()
            return MailedToken(
                for: email.map { .emailVerification($0) } ?? .passwordReset, of: user, hash: hash,
                expiresAt: row.next(), usedAt: row.next())
        }
    }

    func insert(_ token: MailedToken) throws {
        try session.run(
            """
            INSERT INTO mailed_tokens (user, purpose, hash, email, expires_at, used_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (user, purpose) DO UPDATE SET
                hash = excluded.hash, email = excluded.email, expires_at = excluded.expires_at,
                used_at = excluded.used_at
            """,
            token.user, token.purpose.kind.rawValue, token.hash, token.purpose.email?.text, token.expiresAt,
            token.usedAt)
    }

    func update(_ token: MailedToken) throws {
        try session.run("UPDATE mailed_tokens SET used_at = ? WHERE hash = ?", token.usedAt, token.hash)
    }

    func forgetAll(of user: Identifier<User>) throws {
        try session.run("DELETE FROM mailed_tokens WHERE user = ?", user)
    }

    func forgetPasswordResets(of user: Identifier<User>) throws {
        try session.run(
            "DELETE FROM mailed_tokens WHERE user = ? AND purpose = 'password_reset'", user)
    }

    func allowance(of user: Identifier<User>, for kind: MailedToken.Kind) throws -> MailAllowance {
        try session.first(
            "SELECT since, mailed FROM mail_allowances WHERE user = ? AND kind = ?", user, kind.rawValue
        ) { MailAllowance(since: $0.next(), count: $0.next()) } ?? MailAllowance()
    }

    func put(_ allowance: MailAllowance, of user: Identifier<User>, for kind: MailedToken.Kind) throws {
        guard let since = allowance.since else {
            try session.run(
                "DELETE FROM mail_allowances WHERE user = ? AND kind = ?", user, kind.rawValue)
            return
        }
        try session.run(
            """
            INSERT INTO mail_allowances (user, kind, since, mailed) VALUES (?, ?, ?, ?)
            ON CONFLICT (user, kind) DO UPDATE SET since = excluded.since, mailed = excluded.mailed
            """, user, kind.rawValue, since, allowance.count)
    }

    func forget(expiredBefore moment: Timestamp, limit: Int) throws -> Int {
        try session.run(
            """
            DELETE FROM mailed_tokens WHERE hash IN (
                SELECT hash FROM mailed_tokens WHERE expires_at < ? ORDER BY expires_at LIMIT ?)
            """, moment, limit)
    }
}

extension MailedToken.Purpose {
    fileprivate var email: EmailAddress? {
        if case .emailVerification(let address) = self { address } else { nil }
    }
}

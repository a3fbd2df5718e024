extension Migrations {
    /// How users want their clips, and how much mail they were sent of late.
    ///
    /// What a user had is found by the user, sessions that are over and invitations included: all of it goes with
    /// its user.
    static let preferences = """
        CREATE TABLE preferences (
            user BLOB NOT NULL PRIMARY KEY CHECK (length(user) = 16),
            record BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE mail_allowances (
            user BLOB NOT NULL CHECK (length(user) = 16),
            kind TEXT NOT NULL CHECK (kind = 'password_reset' OR kind = 'email_verification'),
            since INTEGER NOT NULL,
            mailed INTEGER NOT NULL CHECK (mailed >= 1),
            PRIMARY KEY (user, kind)
        ) STRICT, WITHOUT ROWID;

        DROP INDEX sessions_open;
        CREATE INDEX sessions_by_user ON sessions (user, id);
        CREATE INDEX invitations_by_user ON invitations (accepted_by) WHERE accepted_by IS NOT NULL;
        """
}

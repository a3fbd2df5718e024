extension Migrations {
    /// People: who they are, how they come in, what they may spend, and what is told of them.
    ///
    /// A row of `users` is never removed; one that is deleted has neither name nor address, which are so free for
    /// others. Only what cannot be without a user refers to one: keys and credits may also be those of the local
    /// user, who has no row.
    ///
    /// Secrets are here as hashes alone. The hash of a password stands apart, so that no look at a user reads it.
    static let accounts = """
        CREATE TABLE tiers (
            name TEXT NOT NULL PRIMARY KEY,
            monthly_credits INTEGER NOT NULL CHECK (monthly_credits >= 0),
            longest_source INTEGER CHECK (longest_source > 0),
            tasks_per_day INTEGER CHECK (tasks_per_day > 0),
            concurrent_tasks INTEGER NOT NULL CHECK (concurrent_tasks > 0),
            storage INTEGER NOT NULL CHECK (storage > 0),
            priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 9)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO tiers (
            name, monthly_credits, longest_source, tasks_per_day, concurrent_tasks, storage, priority)
        VALUES ('free', 10, 60000, 3, 1, 1073741824, 5), ('premium', 100, 300000, NULL, 5, 21474836480, 4);

        CREATE TABLE users (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            version INTEGER NOT NULL CHECK (version >= 0),
            state TEXT NOT NULL CHECK (
                state = 'active' OR state = 'inactive' OR state = 'suspended' OR state = 'deleted'),
            role TEXT NOT NULL CHECK (role = 'user' OR role = 'admin'),
            tier TEXT NOT NULL REFERENCES tiers (name),
            username_key TEXT,
            email TEXT,
            suspended_until INTEGER,
            created_at INTEGER NOT NULL,
            deleted_at INTEGER,
            record BLOB NOT NULL,
            CHECK ((username_key IS NULL) = (state = 'deleted')),
            CHECK ((email IS NULL) = (state = 'deleted')),
            CHECK ((deleted_at IS NOT NULL) = (state = 'deleted')),
            CHECK (suspended_until IS NULL OR state = 'suspended')
        ) STRICT;
        CREATE UNIQUE INDEX users_by_username ON users (username_key) WHERE username_key IS NOT NULL;
        CREATE UNIQUE INDEX users_by_email ON users (email) WHERE email IS NOT NULL;
        CREATE INDEX users_administrators ON users (role, state, suspended_until, id) WHERE role = 'admin';

        CREATE TABLE passwords (
            user BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
            hash TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sessions (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            user BLOB NOT NULL REFERENCES users (id),
            version INTEGER NOT NULL CHECK (version >= 0),
            generation INTEGER NOT NULL CHECK (generation >= 0),
            created_at INTEGER NOT NULL,
            refreshed_at INTEGER NOT NULL,
            over_at INTEGER NOT NULL,
            revoked_at INTEGER,
            revocation TEXT CHECK (
                revocation = 'signed_out' OR revocation = 'ended' OR revocation = 'token_reused'
                OR revocation = 'password_changed' OR revocation = 'user_closed'),
            device TEXT NOT NULL,
            CHECK ((revoked_at IS NOT NULL) = (revocation IS NOT NULL)),
            CHECK (revoked_at IS NULL OR over_at <= revoked_at)
        ) STRICT;
        CREATE INDEX sessions_open ON sessions (user, id) WHERE revoked_at IS NULL;
        CREATE INDEX sessions_by_end ON sessions (over_at);

        CREATE TABLE refresh_tokens (
            hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
            session BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            generation INTEGER NOT NULL CHECK (generation >= 0),
            UNIQUE (session, generation)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE api_keys (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            owner BLOB NOT NULL CHECK (length(owner) = 16),
            version INTEGER NOT NULL CHECK (version >= 0),
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            created_at INTEGER NOT NULL,
            expires_at INTEGER,
            last_used_at INTEGER,
            revoked_at INTEGER,
            record BLOB NOT NULL
        ) STRICT;
        CREATE INDEX api_keys_by_owner ON api_keys (owner, id);

        CREATE TABLE invitations (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            version INTEGER NOT NULL CHECK (version >= 0),
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            state TEXT NOT NULL CHECK (state = 'open' OR state = 'accepted' OR state = 'withdrawn'),
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            closed_at INTEGER,
            accepted_by BLOB CHECK (length(accepted_by) = 16),
            record BLOB NOT NULL,
            CHECK ((closed_at IS NULL) = (state = 'open')),
            CHECK ((accepted_by IS NOT NULL) = (state = 'accepted'))
        ) STRICT;

        CREATE TABLE mailed_tokens (
            user BLOB NOT NULL REFERENCES users (id),
            purpose TEXT NOT NULL CHECK (purpose = 'password_reset' OR purpose = 'email_verification'),
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            email TEXT,
            expires_at INTEGER NOT NULL,
            used_at INTEGER,
            PRIMARY KEY (user, purpose),
            CHECK ((email IS NOT NULL) = (purpose = 'email_verification'))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX mailed_tokens_by_end ON mailed_tokens (expires_at);

        CREATE TABLE sign_in_throttles (
            kind TEXT NOT NULL CHECK (kind = 'name' OR kind = 'address'),
            subject BLOB NOT NULL CHECK (kind <> 'address' OR length(subject) = 16),
            failures INTEGER NOT NULL CHECK (failures >= 0),
            last_failure_at INTEGER NOT NULL,
            PRIMARY KEY (kind, subject)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sign_in_throttles_by_age ON sign_in_throttles (last_failure_at);

        \(credits)
        \(told)
        """

    /// The ledger of credits: entries are only ever added, and the summary beside them never falls below zero.
    private static let credits = """
        CREATE TABLE credit_ledgers (
            user BLOB NOT NULL PRIMARY KEY CHECK (length(user) = 16),
            version INTEGER NOT NULL CHECK (version >= 1),
            available_monthly INTEGER NOT NULL CHECK (available_monthly >= 0),
            available_bought INTEGER NOT NULL CHECK (available_bought >= 0),
            held_monthly INTEGER NOT NULL CHECK (held_monthly >= 0),
            held_bought INTEGER NOT NULL CHECK (held_bought >= 0),
            period TEXT,
            granted_in_period INTEGER NOT NULL CHECK (granted_in_period >= 0)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE credit_entries (
            user BLOB NOT NULL REFERENCES credit_ledgers (user),
            number INTEGER NOT NULL CHECK (number >= 1),
            at INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (
                kind = 'grant' OR kind = 'hold' OR kind = 'capture' OR kind = 'release' OR kind = 'refund'
                OR kind = 'adjust' OR kind = 'expire'),
            monthly INTEGER NOT NULL CHECK (monthly >= 0 OR kind = 'adjust'),
            bought INTEGER NOT NULL CHECK (bought >= 0 OR kind = 'adjust'),
            available INTEGER NOT NULL CHECK (available >= 0),
            held INTEGER NOT NULL CHECK (held >= 0),
            period TEXT CHECK (period IS NULL OR kind = 'grant'),
            hold BLOB CHECK (length(hold) = 16),
            reason TEXT,
            PRIMARY KEY (user, number),
            CHECK (monthly <> 0 OR bought <> 0),
            CHECK (
                (hold IS NOT NULL) = (kind = 'hold' OR kind = 'capture' OR kind = 'release'
                OR kind = 'refund')),
            CHECK ((reason IS NOT NULL) = (kind = 'adjust'))
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER credit_entries_unchanged BEFORE UPDATE ON credit_entries
            BEGIN SELECT RAISE (ABORT, 'an entry of a ledger is never changed'); END;
        CREATE TRIGGER credit_entries_kept BEFORE DELETE ON credit_entries
            BEGIN SELECT RAISE (ABORT, 'an entry of a ledger is never removed'); END;

        CREATE TABLE credit_holds (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            user BLOB NOT NULL CHECK (length(user) = 16),
            task BLOB NOT NULL CHECK (length(task) = 16),
            monthly INTEGER NOT NULL CHECK (monthly >= 0),
            bought INTEGER NOT NULL CHECK (bought >= 0),
            period TEXT,
            remaining_monthly INTEGER NOT NULL CHECK (remaining_monthly BETWEEN 0 AND monthly),
            remaining_bought INTEGER NOT NULL CHECK (remaining_bought BETWEEN 0 AND bought),
            captured INTEGER NOT NULL CHECK (captured >= 0),
            refunded INTEGER NOT NULL CHECK (refunded BETWEEN 0 AND captured),
            created_at INTEGER NOT NULL,
            ended_at INTEGER,
            CHECK ((period IS NOT NULL) = (monthly > 0)),
            CHECK (captured <= monthly + bought - remaining_monthly - remaining_bought),
            CHECK ((ended_at IS NOT NULL) = (remaining_monthly + remaining_bought = 0))
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX credit_holds_open ON credit_holds (task) WHERE ended_at IS NULL;
        CREATE INDEX credit_holds_by_task ON credit_holds (task, id);
        CREATE INDEX credit_holds_by_user ON credit_holds (user, id) WHERE ended_at IS NULL;

        CREATE TABLE daily_allowances (
            user BLOB NOT NULL PRIMARY KEY CHECK (length(user) = 16),
            day_start INTEGER,
            day_end INTEGER,
            ordered INTEGER NOT NULL CHECK (ordered >= 0),
            CHECK ((day_start IS NULL) = (day_end IS NULL)),
            CHECK (day_start < day_end)
        ) STRICT, WITHOUT ROWID;

        """

    /// The audit trail, in which users stand by identifier alone, and the outbox of what happened to them.
    private static let told = """
        CREATE TABLE audit_entries (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            at INTEGER NOT NULL,
            action TEXT NOT NULL,
            initiator TEXT NOT NULL CHECK (
                initiator = 'user' OR initiator = 'server' OR initiator = 'anonymous'),
            initiator_user BLOB CHECK (length(initiator_user) = 16),
            subject_user BLOB CHECK (length(subject_user) = 16),
            subject_kind TEXT,
            subject_id TEXT,
            is_success INTEGER NOT NULL CHECK (is_success = 0 OR is_success = 1),
            address BLOB CHECK (length(address) = 16),
            detail TEXT,
            CHECK ((initiator_user IS NOT NULL) = (initiator = 'user')),
            CHECK ((subject_kind IS NULL) = (subject_id IS NULL))
        ) STRICT;
        CREATE INDEX audit_entries_by_time ON audit_entries (at, id);
        CREATE INDEX audit_entries_by_action ON audit_entries (action, at, id);
        CREATE INDEX audit_entries_by_initiator ON audit_entries (initiator_user, at, id)
            WHERE initiator_user IS NOT NULL;
        CREATE INDEX audit_entries_by_subject ON audit_entries (subject_user, at, id)
            WHERE subject_user IS NOT NULL;

        CREATE TABLE account_events (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            user BLOB NOT NULL CHECK (length(user) = 16),
            at INTEGER NOT NULL,
            record BLOB NOT NULL
        ) STRICT;
        CREATE INDEX account_events_by_age ON account_events (at);
        """
}

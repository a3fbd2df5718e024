extension Migrations {
    /// A session may have several refresh tokens of one generation, for pages that go on with it at once; and the
    /// reason of an entry, which somebody wrote, can be taken out of it.
    static let secondThoughts = """
        CREATE TABLE refresh_tokens_of_generations (
            hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
            session BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            generation INTEGER NOT NULL CHECK (generation >= 0)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO refresh_tokens_of_generations (hash, session, generation)
            SELECT hash, session, generation FROM refresh_tokens;
        DROP TABLE refresh_tokens;
        ALTER TABLE refresh_tokens_of_generations RENAME TO refresh_tokens;
        CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session, generation);

        DROP TRIGGER credit_entries_unchanged;
        CREATE TRIGGER credit_entries_unchanged BEFORE UPDATE ON credit_entries
            WHEN NEW.reason IS NOT '' OR OLD.reason IS NULL
                OR (NEW.user, NEW.number, NEW.at, NEW.kind, NEW.monthly, NEW.bought, NEW.available, NEW.held,
                    NEW.period, NEW.hold)
                IS NOT (OLD.user, OLD.number, OLD.at, OLD.kind, OLD.monthly, OLD.bought, OLD.available, OLD.held,
                    OLD.period, OLD.hold)
            BEGIN SELECT RAISE (ABORT, 'an entry of a ledger is never changed'); END;
        """
}

extension Migrations {
    /// What administrators set and look at: settings, which are sealed; credits and users counted as they change, so
    /// that their numbers cost the same however long the history is; the audit trail by the thing that it tells of.
    static let administration = """
        CREATE TABLE settings (
            name TEXT NOT NULL PRIMARY KEY,
            sealed BLOB NOT NULL CHECK (length(sealed) > 0),
            overrides INTEGER NOT NULL CHECK (overrides = 0 OR overrides = 1),
            changed_at INTEGER NOT NULL,
            changed_by BLOB NOT NULL CHECK (length(changed_by) = 16)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE credit_totals (
            kind TEXT NOT NULL PRIMARY KEY,
            amount INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO credit_totals (kind, amount)
            SELECT kind, sum(monthly + bought) FROM credit_entries GROUP BY kind;
        CREATE TRIGGER credit_entries_counted AFTER INSERT ON credit_entries BEGIN
            INSERT INTO credit_totals (kind, amount) VALUES (NEW.kind, NEW.monthly + NEW.bought)
                ON CONFLICT (kind) DO UPDATE SET amount = amount + excluded.amount;
        END;

        CREATE INDEX users_by_tier ON users (tier) WHERE state <> 'deleted';
        CREATE INDEX audit_entries_by_thing ON audit_entries (subject_id, at, id)
            WHERE subject_id IS NOT NULL;
        """
}

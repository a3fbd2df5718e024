extension Migrations {
    /// How the configuration came to be what it is.
    ///
    /// A revision, what it changed (secrets masked), and what was set then (sealed), so that one can go back to it. Of
    /// a forgotten revision nothing stays.
    static let revisions = """
        CREATE TABLE configuration_revisions (
            number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
            checksum TEXT NOT NULL CHECK (length(checksum) = 16),
            author BLOB CHECK (length(author) = 16),
            cause TEXT NOT NULL CHECK (cause IN ('change', 'rollback', 'reset', 'import', 'reload')),
            at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE configuration_changes (
            revision INTEGER NOT NULL REFERENCES configuration_revisions (number) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('added', 'modified', 'removed')),
            old TEXT,
            new TEXT,
            PRIMARY KEY (revision, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE configuration_settings (
            revision INTEGER NOT NULL REFERENCES configuration_revisions (number) ON DELETE CASCADE,
            name TEXT NOT NULL,
            sealed BLOB NOT NULL CHECK (length(sealed) > 0),
            overrides INTEGER NOT NULL CHECK (overrides = 0 OR overrides = 1),
            changed_at INTEGER NOT NULL,
            changed_by BLOB NOT NULL CHECK (length(changed_by) = 16),
            PRIMARY KEY (revision, name)
        ) STRICT, WITHOUT ROWID;
        """
}

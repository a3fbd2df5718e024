extension Migrations {
    /// From where nothing is served, and from where everything is.
    static let bans = """
        CREATE TABLE address_bans (
            address BLOB NOT NULL PRIMARY KEY CHECK (length(address) = 16),
            reason TEXT NOT NULL,
            banned_by BLOB CHECK (length(banned_by) = 16),
            strikes INTEGER NOT NULL CHECK (strikes >= 1),
            banned_at INTEGER NOT NULL,
            until INTEGER NOT NULL,
            CHECK (banned_at <= until)
        ) STRICT;
        CREATE INDEX address_bans_by_end ON address_bans (until);

        CREATE TABLE allowed_addresses (
            block TEXT NOT NULL PRIMARY KEY,
            reason TEXT NOT NULL,
            added_at INTEGER NOT NULL
        ) STRICT;
        """
}

extension Migrations {
    /// Where events are delivered to, what signs them, and what became of each.
    ///
    /// Secrets are sealed. A delivery outlives the task that it tells of, and goes with its webhook.
    static let webhooks = """
        CREATE TABLE webhooks (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            owner BLOB NOT NULL CHECK (length(owner) = 16),
            version INTEGER NOT NULL CHECK (version >= 0),
            created_at INTEGER NOT NULL,
            record BLOB NOT NULL
        ) STRICT;
        CREATE INDEX webhooks_by_owner ON webhooks (owner, id);

        CREATE TABLE notify_secrets (
            owner BLOB NOT NULL PRIMARY KEY CHECK (length(owner) = 16),
            id BLOB NOT NULL CHECK (length(id) = 16),
            created_at INTEGER NOT NULL,
            current BLOB NOT NULL,
            former BLOB,
            former_until INTEGER,
            CHECK ((former IS NULL) = (former_until IS NULL))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE webhook_deliveries (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            owner BLOB NOT NULL CHECK (length(owner) = 16),
            webhook BLOB CHECK (length(webhook) = 16),
            task BLOB CHECK (length(task) = 16),
            address TEXT,
            created_at INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state = 'pending' OR state = 'delivered' OR state = 'failed'),
            state_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL CHECK (attempts >= 0),
            record BLOB NOT NULL,
            CHECK ((webhook IS NULL) = (task IS NOT NULL)),
            CHECK ((task IS NULL) = (address IS NULL)),
            CHECK (state <> 'delivered' OR attempts > 0)
        ) STRICT;
        CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook, id)
            WHERE webhook IS NOT NULL;
        CREATE INDEX webhook_deliveries_by_task ON webhook_deliveries (task, id) WHERE task IS NOT NULL;
        CREATE INDEX webhook_deliveries_by_owner ON webhook_deliveries (owner);
        CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
        """
}

extension Migrations {
    /// Whose everything is.
    ///
    /// What is there from before belongs to the local user, whose identifier is the columns' default, so that no
    /// row is written anew. A job may have no owner: it is the server's own. Listing by owner, with a status or
    /// without, is one walk of one index, and costs nothing for jobs of the server's own.
    ///
    /// `owner_totals` are the counters of `totals` by owner, kept in the same way.
    static let owners = """
        ALTER TABLE tasks ADD COLUMN owner BLOB NOT NULL DEFAULT x'00000000000070008000000000000000'
            CHECK (length(owner) = 16);
        CREATE INDEX tasks_by_owner ON tasks (owner, id);
        CREATE INDEX tasks_by_owner_and_status ON tasks (owner, status, id);
        CREATE INDEX tasks_running ON tasks (id) WHERE status = 'running';
        DROP INDEX tasks_by_status;

        ALTER TABLE uploads ADD COLUMN owner BLOB NOT NULL DEFAULT x'00000000000070008000000000000000'
            CHECK (length(owner) = 16);

        ALTER TABLE jobs ADD COLUMN owner BLOB DEFAULT x'00000000000070008000000000000000'
            CHECK (length(owner) = 16);
        CREATE INDEX jobs_by_owner ON jobs (owner, id) WHERE owner IS NOT NULL;
        CREATE INDEX jobs_not_available_by_owner ON jobs (owner, state, id)
            WHERE owner IS NOT NULL AND state <> 'available';

        ALTER TABLE job_history ADD COLUMN owner BLOB DEFAULT x'00000000000070008000000000000000'
            CHECK (length(owner) = 16);
        CREATE INDEX job_history_by_owner ON job_history (owner, id) WHERE owner IS NOT NULL;
        CREATE INDEX job_history_unfinished_by_owner ON job_history (owner, state, id)
            WHERE owner IS NOT NULL AND state <> 'completed';

        CREATE TABLE owner_totals (
            owner BLOB NOT NULL CHECK (length(owner) = 16),
            counter INTEGER NOT NULL,
            amount INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (owner, counter)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO owner_totals (owner, counter, amount)
            SELECT x'00000000000070008000000000000000', counter, amount FROM totals;

        UPDATE stored_answers SET scope = '00000000-0000-7000-8000-000000000000 ' || scope;
        """
}

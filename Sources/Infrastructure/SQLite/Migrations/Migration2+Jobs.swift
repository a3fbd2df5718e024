extension Migrations {
    /// The queue.
    ///
    /// `jobs` holds what waits or runs and stays small and hot; what ended moves to `job_history`.
    ///
    /// `ready` marks what a claim may take: all available jobs, and the scheduled and retryable ones once their
    /// time was found to have come. A claim so walks one index in the order of ranks and meets nothing that it
    /// cannot take.
    static let jobs = """
        CREATE TABLE jobs (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            state TEXT NOT NULL CHECK (
                state = 'available' OR state = 'scheduled' OR state = 'retryable' OR state = 'running'),
            ready INTEGER NOT NULL CHECK (ready = 0 OR ready = 1),
            queue TEXT NOT NULL,
            priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 9),
            rank INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            attempt INTEGER NOT NULL CHECK (attempt >= 0),
            failures INTEGER NOT NULL CHECK (failures >= 0),
            interruptions INTEGER NOT NULL CHECK (interruptions >= 0),
            failure_limit INTEGER NOT NULL CHECK (failure_limit >= 1),
            lease_owner BLOB CHECK (length(lease_owner) = 16),
            lease_since INTEGER,
            lease_until INTEGER,
            is_cancelling INTEGER NOT NULL CHECK (is_cancelling = 0 OR is_cancelling = 1),
            progress REAL NOT NULL CHECK (progress BETWEEN 0 AND 100),
            stage TEXT NOT NULL,
            kind TEXT NOT NULL,
            subject BLOB CHECK (length(subject) = 16),
            unique_key TEXT,
            created_at INTEGER NOT NULL,
            arguments BLOB NOT NULL,
            log BLOB,
            CHECK (state <> 'available' OR ready = 1),
            CHECK (state <> 'running' OR ready = 0),
            CHECK ((state = 'running') = (lease_owner IS NOT NULL)),
            CHECK ((state = 'running') = (lease_since IS NOT NULL)),
            CHECK ((state = 'running') = (lease_until IS NOT NULL)),
            CHECK (is_cancelling = 0 OR state = 'running')
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX jobs_ready ON jobs (queue, rank, id) WHERE ready = 1;
        CREATE INDEX jobs_waiting ON jobs (queue, ready, due_at, state)
            WHERE state = 'scheduled' OR state = 'retryable';
        CREATE INDEX jobs_held ON jobs (lease_owner, id) WHERE state = 'running';
        CREATE UNIQUE INDEX jobs_unique ON jobs (unique_key)
            WHERE unique_key IS NOT NULL AND is_cancelling = 0;
        CREATE INDEX jobs_by_subject ON jobs (subject) WHERE subject IS NOT NULL;

        CREATE TABLE job_history (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            state TEXT NOT NULL CHECK (state = 'completed' OR state = 'cancelled' OR state = 'discarded'),
            ended_at INTEGER NOT NULL,
            queue TEXT NOT NULL,
            priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 9),
            due_at INTEGER NOT NULL,
            attempt INTEGER NOT NULL CHECK (attempt >= 0),
            failures INTEGER NOT NULL CHECK (failures >= 0),
            interruptions INTEGER NOT NULL CHECK (interruptions >= 0),
            failure_limit INTEGER NOT NULL CHECK (failure_limit >= 1),
            progress REAL NOT NULL CHECK (progress BETWEEN 0 AND 100),
            stage TEXT NOT NULL,
            kind TEXT NOT NULL,
            subject BLOB CHECK (length(subject) = 16),
            unique_key TEXT,
            created_at INTEGER NOT NULL,
            arguments BLOB NOT NULL,
            log BLOB
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX job_history_by_age ON job_history (ended_at);
        CREATE INDEX job_history_unfinished ON job_history (state, id) WHERE state <> 'completed';
        CREATE INDEX job_history_by_subject ON job_history (subject) WHERE subject IS NOT NULL;
        """
}

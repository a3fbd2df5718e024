extension Migrations {
    /// What is asked for and what became of it.
    ///
    /// Identifiers are 16 bytes that rise with time; behind the tables with wide rows stands an integer key, so
    /// that inserts go to the end of the file and the identifiers' index stays small.
    ///
    /// The CHECKs hold the lifecycle that the Domain draws. They list their values with OR: for an IN of more
    /// than two SQLite builds a temporary tree at each insert, which takes longer than the insert.
    ///
    /// `totals` is kept by the repositories, so that statistics cost the same however much is stored; not by
    /// triggers, which make SQLite copy every page that a statement changes.
    static let clipping = """
        CREATE TABLE totals (
            counter INTEGER PRIMARY KEY,
            amount INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE tasks (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            version INTEGER NOT NULL CHECK (version >= 0),
            status TEXT NOT NULL CHECK (
                status = 'queued' OR status = 'running' OR status = 'completed' OR status = 'failed'
                OR status = 'cancelled'),
            stage TEXT CHECK (
                stage = 'acquiring' OR stage = 'transcribing' OR stage = 'analyzing' OR stage = 'rendering'),
            progress REAL NOT NULL CHECK (progress BETWEEN 0 AND 100),
            message TEXT NOT NULL,
            attempts INTEGER NOT NULL CHECK (attempts >= 0),
            clip_count INTEGER NOT NULL DEFAULT 0,
            title TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            completed_at INTEGER,
            source_upload BLOB,
            captions_upload BLOB,
            failure_code TEXT,
            failure_message TEXT,
            failure_stage TEXT CHECK (
                failure_stage = 'acquiring' OR failure_stage = 'transcribing'
                OR failure_stage = 'analyzing' OR failure_stage = 'rendering'),
            record BLOB NOT NULL,
            CHECK (stage IS NULL OR status = 'running'),
            CHECK (
                (completed_at IS NOT NULL) = (status = 'completed' OR status = 'failed'
                OR status = 'cancelled')),
            CHECK ((failure_code IS NOT NULL) = (status = 'failed')),
            CHECK ((failure_message IS NOT NULL) = (status = 'failed')),
            CHECK (failure_stage IS NULL OR status = 'failed')
        ) STRICT;
        CREATE INDEX tasks_by_status ON tasks (status, id);
        CREATE INDEX tasks_by_source ON tasks (source_upload) WHERE source_upload IS NOT NULL;
        CREATE INDEX tasks_by_captions ON tasks (captions_upload) WHERE captions_upload IS NOT NULL;

        CREATE TABLE clips (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            task BLOB NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
            rank INTEGER NOT NULL CHECK (rank >= 1),
            rendered INTEGER NOT NULL CHECK (rendered = 0 OR rendered = 1),
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            record BLOB NOT NULL,
            UNIQUE (task, rank)
        ) STRICT;

        CREATE TABLE uploads (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            kind TEXT NOT NULL CHECK (kind = 'video' OR kind = 'captions'),
            filename TEXT NOT NULL,
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            created_at INTEGER NOT NULL,
            record BLOB NOT NULL
        ) STRICT;

        CREATE TABLE task_documents (
            number INTEGER PRIMARY KEY,
            task BLOB NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind = 'transcript' OR kind = 'pictures' OR kind = 'analysis'),
            record BLOB NOT NULL,
            UNIQUE (task, kind)
        ) STRICT;

        CREATE TABLE task_notices (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            task BLOB NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind = 'status' OR kind = 'clip_ready' OR kind = 'closed'),
            status TEXT CHECK (
                status = 'queued' OR status = 'running' OR status = 'completed' OR status = 'failed'
                OR status = 'cancelled'),
            stage TEXT CHECK (
                stage = 'acquiring' OR stage = 'transcribing' OR stage = 'analyzing' OR stage = 'rendering'),
            progress REAL,
            message TEXT,
            clip BLOB,
            CHECK ((status IS NOT NULL) = (kind = 'status' OR kind = 'closed')),
            CHECK ((progress IS NOT NULL AND message IS NOT NULL) = (kind = 'status')),
            CHECK ((clip IS NOT NULL) = (kind = 'clip_ready'))
        ) STRICT;
        CREATE INDEX task_notices_by_task ON task_notices (task);

        CREATE TABLE stored_answers (
            number INTEGER PRIMARY KEY,
            scope TEXT NOT NULL,
            key TEXT NOT NULL,
            fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
            status INTEGER NOT NULL CHECK (status BETWEEN 100 AND 599),
            location TEXT NOT NULL,
            body BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE (scope, key)
        ) STRICT;
        CREATE INDEX stored_answers_by_age ON stored_answers (created_at);
        """
}

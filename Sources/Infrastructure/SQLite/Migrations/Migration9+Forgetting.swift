extension Migrations {
    /// What is kept for a time only is found by its age: keys that are void, and lines of the audit trail about what
    /// nobody known did.
    static let forgetting = """
        CREATE INDEX api_keys_by_end ON api_keys (
            coalesce(min(revoked_at, expires_at), revoked_at, expires_at));
        CREATE INDEX audit_entries_anonymous ON audit_entries (at) WHERE initiator = 'anonymous';
        """
}

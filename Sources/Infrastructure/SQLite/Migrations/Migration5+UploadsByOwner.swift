extension Migrations {
    /// What a user has handed in is found without looking at what others have: it goes with its owner.
    static let uploadsByOwner = """
        CREATE INDEX uploads_by_owner ON uploads (owner, id);
        """
}

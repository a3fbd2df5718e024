extension Migrations {
    /// Credits are counted in `totals`, which a group of commits writes once, and not with each entry.
    static let creditTotals = """
        INSERT OR REPLACE INTO totals (counter, amount)
            SELECT CASE kind WHEN 'grant' THEN 32 WHEN 'hold' THEN 33 WHEN 'capture' THEN 34 WHEN 'release' THEN 35
                WHEN 'refund' THEN 36 WHEN 'adjust' THEN 37 WHEN 'expire' THEN 38 END, amount
            FROM credit_totals;
        DROP TRIGGER credit_entries_counted;
        DROP TABLE credit_totals;
        """
}

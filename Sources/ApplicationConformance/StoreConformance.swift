public import Application

/// What every store promises: for each port behind it, that what was written is read back unchanged and in
/// order, and that units of work are whole.
public enum StoreConformance {
    /// All promises.
    public static let rules: [ConformanceRule<any Store>] =
        tasks + owners + records + notices + jobs + claims + unitsOfWork + users + access + credits + audit
        + preferences + departures + settings + webhooks + bans
}

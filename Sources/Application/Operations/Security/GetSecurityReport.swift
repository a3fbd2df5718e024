public import Domain

/// Tells an administrator what comes of all that was seen at the edge.
public struct GetSecurityReport: Sendable {
    /// Numbers about the whole edge.
    public struct Metrics: Sendable {
        /// What was counted since the process began.
        public let totals: SecurityWatch.Totals
        /// From how many subscribers events came within an hour.
        public let activeClients: Int
        /// The share of attacks that the last trial found; nil before any.
        public let detectionRate: Double?
    }

    /// What is known of one address.
    public struct AddressReport: Sendable {
        /// The address, as a subscriber.
        public let address: NetworkAddress
        /// Its events.
        public let report: SecurityReport
        /// How hostile it is, 0–100.
        public let score: Double
        /// How many events came from there since the process began, at least as many as there were.
        public let total: Int
        /// Its ban, if one holds.
        public let ban: AddressBan?
    }

    private let watch: SecurityWatch
    private let bans: BanList
    private let clock: any WallClock

    /// The use case over the watch.
    public init(watch: SecurityWatch, bans: BanList, clock: any WallClock) {
        self.watch = watch
        self.bans = bans
        self.clock = clock
    }

    /// Numbers about the whole edge.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func metrics(by caller: Caller) throws -> Metrics {
        try caller.require(.admin)
        var filter = SecurityEventFilter()
        filter.since = clock.now() - .seconds(3600)
        let clients = Set(watch.events(filter).compactMap { $0.address?.subscriber })
        return Metrics(
            totals: watch.totals, activeClients: clients.count, detectionRate: watch.detectionRate)
    }

    /// What the events of so many hours come to, and what occurs most often.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(hours: Int, by caller: Caller) throws -> (
        report: SecurityReport, tops: SecurityWatch.Tops
    ) {
        try caller.require(.admin)
        return (SecurityReport(watch.events(), hours: hours, now: clock.now()), watch.tops)
    }

    /// What is known of one address, or of the /64 that it is in.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(of address: NetworkAddress, hours: Int, by caller: Caller) throws
        -> AddressReport
    {
        try caller.require(.admin)
        var filter = SecurityEventFilter()
        filter.address = address
        let report = SecurityReport(watch.events(filter), hours: hours, now: clock.now())
        let subscriber = address.subscriber
        return AddressReport(
            address: subscriber, report: report, score: report.risk, total: watch.count(of: address),
            ban: bans.ban(of: address))
    }
}

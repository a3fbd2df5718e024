package import Application
internal import Domain

/// What administrators can see and do about abuse.
package struct SecurityCapabilities: Sendable {
    let watch: SecurityWatch
    let bans: BanList
    let report: GetSecurityReport
    let listEvents: ListSecurityEvents
    let exportEvents: ExportSecurityEvents
    let followEvents: FollowSecurityEvents
    let listBans: ListBans
    let ban: BanAddress
    let lift: LiftBan
    let allow: AllowAddresses
    let disallow: DisallowAddresses
    let test: TestDefences

    /// The use cases over what watches.
    package init(
        watch: SecurityWatch, bans: BanList, desk: AccountDesk, health: HealthMonitor, clock: any WallClock
    ) {
        self.watch = watch
        self.bans = bans
        report = GetSecurityReport(watch: watch, bans: bans, clock: clock)
        listEvents = ListSecurityEvents(watch: watch)
        exportEvents = ExportSecurityEvents(desk: desk, watch: watch)
        followEvents = FollowSecurityEvents(watch: watch)
        listBans = ListBans(bans: bans)
        ban = BanAddress(desk: desk, bans: bans)
        lift = LiftBan(desk: desk, bans: bans)
        allow = AllowAddresses(desk: desk, bans: bans)
        disallow = DisallowAddresses(desk: desk, bans: bans)
        test = TestDefences(watch: watch, health: health)
    }
}

extension BanList {
    /// Refuses all that comes from an address that is banned; whoever it is learns nothing of why.
    var gate: @Sendable (Exchange) -> Problem? {
        { [self] exchange in
            guard !isEmpty, ban(of: exchange.request.client.network) != nil else { return nil }
            return Problem(.refused, "The request is not taken.")
        }
    }
}

import Domain

extension Settings {
    static let rateLimit = Setting<RequestPaces?>(
        "rate_limit", "off|N/min", default: ["100/min"],
        "With accounts, how often each user, key and address may ask, and twice as often at once; also N/s"
    ) { values throws(SettingError) in
        let text = values.last ?? ""
        if text == "off" { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let period = ["min": 60, "s": 1][parts[1]], let count = Int(parts[0]),
            RateLimit.counts.contains(count)
        else {
            throw SettingError(
                expectation: "must be off or a pace such as 100/min, of 1 to \(RateLimit.counts.upperBound)")
        }
        return RequestPaces(count, per: .seconds(period))
    }
    static let trustedProxies = Setting.networks(
        "trusted_proxies", "Proxies that are believed when they say for whom they speak; none by default")

    static let limitSettings: [SettingDeclaration] = [rateLimit.declaration, trustedProxies.declaration]
}

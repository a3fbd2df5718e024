import Application
import Domain
import Glibc
import Infrastructure

/// Decides `--decisions` times about strangers at `--keys` known addresses, by a limiter as servers have it.
///
/// Every decision is made with a clock reading of its own, and finds out whether the address is trusted.
func rateLimits(_ options: Options) async throws {
    let keys = options.number("keys")
    let decisions = options.number("decisions")
    let before = residentBytes()
    // So slow a pace that none of them is forgotten before the last one has come.
    let limiter = RateLimiter(RequestPaces(10, per: .seconds(60)), now: SystemClock.steadyTime)
    for key in 0..<keys { _ = limiter.count(strangerAt: address(key), isEntering: false) }
    let grown = residentBytes() - before

    // The order is drawn beforehand, so that only decisions are measured.
    let random = SeededRandomSource(seed: 45)
    let order = (0..<decisions).map { _ in address(Int(random.next() % UInt64(keys))) }
    let began = SystemClock.steadyTime()
    var allowed = 0
    for address in order where limiter.count(strangerAt: address, isEntering: false).isAllowed {
        allowed += 1
    }
    let taken = SystemClock.steadyTime() - began
    try answer([
        "keys": Double(keys), "nanoseconds": Double(taken) / Double(decisions), "bytes": Double(grown),
        "allowed": Double(allowed),
    ])
}

private func address(_ number: Int) -> NetworkAddress {
    NetworkAddress(high: 0x2001_0DB8_0000_0000 + UInt64(number), low: 1)
}

private func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 128)
    guard fgets(&text, Int32(text.count), file) != nil else { return 0 }
    let line = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let fields = line.split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
}

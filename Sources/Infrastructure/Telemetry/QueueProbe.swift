package import Application
package import Domain

/// Looks how many jobs wait for a worker, and how long the oldest of them has.
package struct QueueProbe: HealthProbe {
    /// From this age on work is not keeping up.
    package static let late = Duration.seconds(900)

    private let store: any Store
    private let clock: any WallClock

    /// A look at the queues of a store.
    package init(store: any Store, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    package func check() async -> ComponentHealth {
        let (depth, since): (Int, Timestamp?)
        do {
            (depth, since) = try store.read { reader in
                (
                    try reader.jobs.counts(of: nil)[.available] ?? 0,
                    try reader.jobs.oldestAvailable()
                )
            }
        } catch {
            return ComponentHealth(
                name: "queue", level: .unhealthy, detail: "the store does not answer", isEssential: false)
        }
        let age = max(.zero, since.map { clock.now() - $0 } ?? .zero)
        return ComponentHealth(
            name: "queue", level: age >= Self.late ? .degraded : .healthy,
            detail: "\(depth) jobs ready, the oldest for \(Int(age.inSeconds)) s", isEssential: false,
            measurements: [
                HealthMeasurement("ready", Double(depth), .count),
                HealthMeasurement("oldest_seconds", age.inSeconds, .seconds),
            ])
    }
}

public import Domain

/// Finds out how well one part is.
public protocol HealthProbe: Sendable {
    /// How well it is now; what takes longer than a second should answer from what was found before.
    func check() async -> ComponentHealth
}

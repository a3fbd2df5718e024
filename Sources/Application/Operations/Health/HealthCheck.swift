package import Domain

/// A part that is watched: what it says about itself, who looks at it, and how often.
package struct HealthCheck: Sendable {
    /// What the part says about itself; its dependencies are what its health is rolled up with.
    package let description: ComponentDescription
    /// Who looks.
    package let probe: any HealthProbe
    /// How often.
    package let pace: HealthPace

    /// A part that is watched.
    package init(_ description: ComponentDescription, probe: any HealthProbe, pace: HealthPace = .ordinary) {
        self.description = description
        self.probe = probe
        self.pace = pace
    }
}

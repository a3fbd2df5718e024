package import Domain

/// Knows where the numbers of the parts are going.
package protocol Forecasts: Sendable {
    /// The forecasts that hold, and those that were over a short while ago.
    func current() -> [Forecast]
}

/// Foretells nothing.
package struct NoForecasts: Forecasts {
    /// Nothing is foretold.
    package init() {}

    /// None.
    package func current() -> [Forecast] { [] }
}

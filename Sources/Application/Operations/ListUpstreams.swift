package import Domain

/// Shows which upstreams this process calls, and how they stand.
package struct ListUpstreams: Sendable {
    private let upstreams: Upstreams?

    /// The use case over a process's upstreams; nil for one that calls none.
    package init(_ upstreams: Upstreams? = nil) {
        self.upstreams = upstreams
    }

    /// The upstreams' names with the states of their breakers.
    ///
    /// - Throws: ``Domain/AccessError`` for whoever is no administrator.
    package func callAsFunction(by caller: Caller) throws -> [(name: String, state: CircuitBreaker.State)] {
        try caller.require(.admin)
        return upstreams?.all.map { ($0.name, $0.state) } ?? []
    }
}

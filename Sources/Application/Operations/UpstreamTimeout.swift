/// A service was called and did not answer within the time that it had.
package struct UpstreamTimeout: Error, Equatable {
    /// The upstream's name.
    package let upstream: String

    /// A call without an answer.
    package init(upstream: String) {
        self.upstream = upstream
    }
}

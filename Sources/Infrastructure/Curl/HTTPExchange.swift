/// Sends requests to other servers.
package protocol HTTPExchange: Sendable {
    /// Sends a request and returns the answer, whatever its status.
    ///
    /// - Parameters:
    ///   - request: What to ask.
    ///   - bodyLimit: The most bytes that the answer's body may have.
    func send(_ request: HTTPRequest, bodyLimit: Int) async throws -> HTTPResponse
}

extension HTTPExchange {
    /// Sends a request whose answer is no larger than 16 MiB.
    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await send(request, bodyLimit: 16 << 20)
    }
}

package import Application

/// Sends the requests to one upstream, and none while it rests.
///
/// Failures are: no answer, none in time, and the statuses of a server that cannot now (429, 5xx …). What it
/// refuses for the request's own sake is an answer like any other.
package struct UpstreamClient: HTTPExchange {
    private let upstream: Upstream
    private let client: any HTTPExchange

    /// Who calls `upstream` through `client`.
    package init(_ upstream: Upstream, over client: any HTTPExchange) {
        self.upstream = upstream
        self.client = client
    }

    /// Sends a request and returns the answer, whatever its status.
    ///
    /// - Throws: As `client` does, and ``UpstreamResting`` when nothing was sent.
    package func send(_ request: HTTPRequest, bodyLimit: Int) async throws -> HTTPResponse {
        try await WorkContext.part("call \(upstream.name)", .client) {
            let span = WorkContext.current?.span
            var request = request
            if let span { request.headers.append(("traceparent", span.position.traceparent)) }
            let response = try await sendLeased(request, bodyLimit: bodyLimit)
            span?.note("server.address", .text(upstream.name))
            span?.note("http.request.method", .text(request.method))
            span?.note("http.response.status_code", .integer(Int64(response.status)))
            if response.status >= 400 { span?.fail("\(response.status)") }
            return response
        }
    }

    private func sendLeased(_ request: HTTPRequest, bodyLimit: Int) async throws -> HTTPResponse {
        let lease = try upstream.lease()
        do {
            let response = try await client.send(request, bodyLimit: bodyLimit)
            if response.isMomentary {
                lease.failed("status \(response.status)", retryAfter: response.retryAfter)
            } else {
                lease.answered()
            }
            return response
        } catch PortError.unavailable(let reason, let retryAfter) {
            lease.failed(reason, retryAfter: retryAfter)
            throw PortError.unavailable(reason, retryAfter: retryAfter)
        } catch PortError.corrupt(let reason) {
            // Only an answer can be too large.
            lease.answered()
            throw PortError.corrupt(reason)
        }
    }
}

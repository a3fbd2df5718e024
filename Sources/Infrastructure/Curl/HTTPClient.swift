import Synchronization

/// Talks to other servers over HTTP, by libcurl, on one thread of its own, which starts with the first request.
///
/// TLS certificates are verified, only `http` and `https` are spoken, redirects included, and the
/// environment's proxies and `.netrc` are ignored. Where ``HTTPRequest/Destination/stranger(_:)`` says so,
/// every address is checked when it is connected to; a name that changes its mind between two look-ups
/// gains nothing.
package final class HTTPClient: HTTPExchange {
    private let thread = Mutex<TransferThread?>(nil)
    private let proxy: String?
    private let userAgent: String

    /// A client that has not asked anything yet.
    ///
    /// - Parameters:
    ///   - proxy: A proxy for addresses that strangers chose, such as `http://proxy:3128`; it must refuse
    ///     addresses of inside networks itself. Nil for none.
    ///   - userAgent: How the client introduces itself.
    package init(proxy: String? = nil, userAgent: String = "Cutroom") {
        self.proxy = proxy
        self.userAgent = userAgent
    }

    deinit {
        thread.withLock { $0 }?.stop()
    }

    /// Sends a request and returns the answer, whatever its status.
    ///
    /// - Parameters:
    ///   - request: What to ask.
    ///   - bodyLimit: The most bytes that the answer's body may have.
    /// - Returns: The answer.
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when no answer came, ``PortError/corrupt(_:)`` when
    ///   it is too large, ``PortError/cancelled`` when the task was cancelled; `MediaError` when the address
    ///   is refused or cannot be fetched at all.
    package func send(_ request: HTTPRequest, bodyLimit: Int) async throws -> HTTPResponse {
        try await run(
            Transfer(request, proxy: proxy, userAgent: userAgent, bodyLimit: bodyLimit, receiver: nil))
    }

    /// Sends a request and hands the answer's body to `receiver` piece by piece.
    ///
    /// - Returns: The answer's head.
    /// - Throws: As ``send(_:bodyLimit:)``, and what the receiver throws. An answer that breaks off is
    ///   ``PortError/unavailable(_:retryAfter:)``.
    package func receive(_ request: HTTPRequest, with receiver: HTTPReceiver) async throws -> HTTPResponse {
        try await run(Transfer(request, proxy: proxy, userAgent: userAgent, bodyLimit: 0, receiver: receiver))
    }

    private func run(_ transfer: Transfer) async throws -> HTTPResponse {
        // libcurl brings OpenSSL to life, which costs a server that never asks anybody 2 MiB.
        let thread = try thread.withLock { thread in
            let running = try thread ?? TransferThread()
            thread = running
            return running
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                transfer.awaited(by: waiter)
                thread.add(transfer)
            }
        } onCancel: {
            thread.cancel(transfer)
        }
    }
}

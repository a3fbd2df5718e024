internal import Application
package import Domain

/// Finds out who makes a request; what that caller may do is not its business.
package protocol Authenticator: Sendable {
    /// How requests can say who makes them; none where nobody is asked.
    var schemes: [SecurityScheme] { get }

    /// Who makes the request.
    ///
    /// It is called on the thread that the request came on, for each request that needs a caller, and must not block.
    ///
    /// - Throws: ``Problem/unauthenticated(_:isTokenInvalid:)`` when that is not known.
    func caller(of request: HTTPRequest) throws(Problem) -> Caller
}

/// Takes whoever reaches the server for the local user: there are no accounts.
package struct LocalAuthenticator: Authenticator {
    package init() {}

    package var schemes: [SecurityScheme] { [] }

    package func caller(of request: HTTPRequest) throws(Problem) -> Caller { .local }
}

extension Capabilities {
    /// Lets callers in who may do what needs `scope`.
    ///
    /// The use cases check it too: this spares those who may not the reading of a body.
    func callers(_ scope: Scope) -> Access<Caller> {
        Access(scope.rawValue) { [authenticator, limiter] call in
            let caller: Caller
            do throws(Problem) {
                caller = try authenticator.caller(of: call.request)
            } catch {
                if let limiter, [.unauthenticated, .csrfRefused, .originNotAllowed].contains(error.kind) {
                    try call.note(RateLimitState(limiter.count(failureAt: call.request.client.network)))
                }
                throw error
            }
            // One whose body took its time is asked twice, and counts once.
            if call.rateLimit == nil, let allowance = limiter?.count(caller) {
                try call.note(RateLimitState(allowance))
            }
            if caller.means != .local { WorkContext.current?.note(user: caller.user) }
            try caller.require(scope)
            return caller
        }
    }
}

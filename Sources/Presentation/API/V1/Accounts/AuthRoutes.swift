internal import Application
internal import Domain

/// Coming in and going out.
struct AuthRoutes: Sendable {
    private let can: AccountCapabilities
    private let callers: @Sendable (Scope) -> Access<Caller>

    init(_ capabilities: AccountCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>) {
        can = capabilities
        self.callers = callers
    }

    var all: [Route] {
        [
            register, login, refresh, logout, changePassword, forgotPassword, resetPassword, verifyEmail,
            requestVerification,
        ]
    }

    private static let done = [ResponseDeclaration(.noContent, "It is done.")]

    private var register: Route {
        Route(
            .post, "/api/v1/auth/register", for: .open(at: .entrance),
            Operation(
                "register", tag: "auth", "Sign up",
                doc: "A code that confirms the address is mailed.",
                responses: [
                    .json(.created, "The new user.", UserWire.user, fields: [.location])
                ],
                problems: [.usernameTaken, .emailTaken, .signUpRefused, .codeRefused]),
            json: UserWire.registration
        ) { call, _, _, registration in
            let user = try await can.register(
                registration.form, invitation: registration.invitation, from: call.origin)
            var response = HTTPResponse.json(.created, UserWire.user, user)
            response.fields["Location"] = "/api/v1/users/me"
            return response
        }
    }

    private var login: Route {
        Route(
            .post, "/api/v1/auth/login", for: .open(at: .entrance),
            Operation(
                "login", tag: "auth", "Sign in",
                doc: """
                    An unknown name gets the same answer as a wrong password, after the same time. With `cookies` \
                    the tokens are set as cookies that no page can read, and the answer says what a page needs.
                    """,
                responses: [.json(.ok, "What lets a program in, or a page.", SessionWire.entrance)],
                problems: [.signInWrong, .signInThrottled, .userClosed]),
            json: SessionWire.credentials
        ) { call, _, _, credentials in
            if credentials.cookies { try WebCookies.requireOwnPage(call.request) }
            return answer(
                try await can.signIn(
                    name: credentials.name, password: credentials.password, from: call.origin),
                inCookies: credentials.cookies)
        }
    }

    private var refresh: Route {
        Route(
            .post, "/api/v1/auth/refresh", for: .open,
            Operation(
                "refreshSession", tag: "auth", "Go on with a session",
                doc: """
                    Each refresh token is good for one time; one that comes back ends the session. Without \
                    `refresh_token` it is the one in the browser's cookie, and the next goes there.
                    """,
                responses: [.json(.ok, "What lets a program in, or a page.", SessionWire.entrance)],
                problems: [.unauthenticated, .userClosed, .csrfRefused]),
            json: SessionWire.refresh
        ) { call, _, _, token in
            if let token {
                return answer(try await can.refreshSession(token, from: call.origin), inCookies: false)
            }
            guard let token = try WebCookies.value(of: WebCookies.refresh, in: call.request) else {
                throw Problem.unauthenticated("Give refresh_token, or sign in with cookies first.")
            }
            try WebCookies.requireOwnPage(call.request)
            let grant = try await can.refreshSession(
                cookie: token, csrfToken: call.request.fields[WebCookies.field], from: call.origin)
            return answer(grant, inCookies: true)
        }
    }

    private func answer(_ grant: SessionGrant, inCookies: Bool) -> HTTPResponse {
        let now = can.clock.now()
        let shown = SessionWire.Shown(grant: grant, now: now, isForCookies: inCookies)
        var response = HTTPResponse.secret(.ok, SessionWire.entrance, shown)
        if inCookies { WebCookies.set(grant, at: now, in: &response) }
        return response
    }

    private var logout: Route {
        Route(
            .post, "/api/v1/auth/logout", for: callers(.accountSecurity),
            Operation(
                "logout", tag: "auth", "Sign out", doc: "A browser's cookies are taken away.",
                responses: Self.done)
        ) { call, caller in
            try await can.signOut(by: caller, from: call.origin)
            var response = HTTPResponse(.noContent)
            WebCookies.clear(for: call.request, in: &response)
            return response
        }
    }

    private var changePassword: Route {
        Route(
            .post, "/api/v1/auth/password", for: callers(.accountSecurity),
            Operation(
                "changePassword", tag: "auth", "Choose another password",
                doc: "All other sessions end.", responses: Self.done,
                problems: [.signInWrong, .signInThrottled, .passwordRefused]),
            json: SessionWire.passwordChange
        ) { call, caller, _, change in
            try await can.changePassword(
                from: change.current, to: change.new, revokingKeys: change.revokesKeys, by: caller,
                from: call.origin)
            return HTTPResponse(.noContent)
        }
    }

    private var forgotPassword: Route {
        Route(
            .post, "/api/v1/auth/password/forgot", for: .open(at: .entrance),
            Operation(
                "forgotPassword", tag: "auth", "Have a code mailed to choose another password",
                doc: "The answer is the same whether or not anybody has the address.",
                responses: Self.done),
            json: SessionWire.forgotten
        ) { call, _, _, email in
            try await can.requestPasswordReset(email: email, from: call.origin)
            return HTTPResponse(.noContent)
        }
    }

    private var resetPassword: Route {
        Route(
            .post, "/api/v1/auth/password/reset", for: .open(at: .entrance),
            Operation(
                "resetPassword", tag: "auth", "Choose another password by a code that was mailed",
                doc: "All sessions end, and all API keys become void.", responses: Self.done,
                problems: [.codeRefused, .passwordRefused, .userClosed]),
            json: SessionWire.passwordReset
        ) { call, _, _, reset in
            try await can.resetPassword(reset.token, to: reset.new, from: call.origin)
            return HTTPResponse(.noContent)
        }
    }

    private var verifyEmail: Route {
        Route(
            .post, "/api/v1/auth/email/verify", for: .open(at: .entrance),
            Operation(
                "verifyEmail", tag: "auth", "Confirm an address by a code that was mailed",
                responses: Self.done, problems: [.codeRefused, .conflict, .userClosed]),
            json: SessionWire.verification
        ) { call, _, _, token in
            _ = try await can.verifyEmail(token, from: call.origin)
            return HTTPResponse(.noContent)
        }
    }

    private var requestVerification: Route {
        Route(
            .post, "/api/v1/auth/email/request", for: callers(.accountWrite),
            Operation(
                "requestEmailVerification", tag: "auth", "Have another code mailed that confirms the address",
                responses: Self.done)
        ) { _, caller in
            try await can.requestEmailVerification(by: caller)
            return HTTPResponse(.noContent)
        }
    }
}

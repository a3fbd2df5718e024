internal import Application
internal import Domain

/// How sessions, and what they give out, stand on the wire.
enum SessionWire {
    /// What a session gives out, in the words of OAuth (RFC 6749, section 5.1).
    struct Shown: Sendable {
        let grant: SessionGrant
        let now: Timestamp
        /// Whether the tokens go into cookies.
        let isForCookies: Bool
    }

    private static let grant = JSONOutput<Shown>.object(
        "SessionGrant", "What lets a program in as the user who signed in.",
        [
            JSONField("access_token", .text, "What to show in Authorization, after “Bearer ”.") {
                $0.grant.accessToken
            },
            JSONField("token_type", .text, "How to show it.", example: "Bearer") { _ in "Bearer" },
            JSONField("expires_in", .count, "For how many seconds it is good.", example: 900) {
                Int(($0.grant.accessExpiresAt - $0.now).components.seconds)
            },
            JSONField("refresh_token", .text, "What goes on with the session, once.") {
                $0.grant.refreshToken.text
            },
            JSONField("session_id", .identifier(), "The session.") { $0.grant.session.id },
            JSONField("user", UserWire.user, "Who signed in.") { $0.grant.user },
        ])

    /// What a browser's page gets, whose cookies hold the tokens.
    private static let webSession = JSONOutput<Shown>.object(
        "WebSession",
        "What a page learns of a session whose tokens are in cookies, where no page can read them.",
        [
            JSONField(
                "csrf_token", .text, "What to show in \(WebCookies.field) with whatever changes something."
            ) {
                $0.grant.csrfToken
            },
            JSONField("expires_in", .count, "For how many seconds it is good.", example: 900) {
                Int(($0.grant.accessExpiresAt - $0.now).components.seconds)
            },
            JSONField("session_id", .identifier(), "The session.") { $0.grant.session.id },
            JSONField("user", UserWire.user, "Who signed in.") { $0.grant.user },
        ])

    /// Either of them.
    static let entrance = JSONOutput<Shown>(.oneOf([grant.schema, webSession.schema])) { shown, writer in
        (shown.isForCookies ? webSession : grant).write(shown, &writer)
    }

    static let session = JSONOutput<SessionListing>.object(
        "Session", "A person's stay.",
        facts { $0.session } + [
            JSONField("current", .truth, "Whether it is the one that asks.") { $0.isCurrent }
        ])

    /// The same for others who look after people.
    static let managed = JSONOutput<Session>.object("ManagedSession", "A person's stay.", facts { $0 })

    private static func facts<Value>(
        of session: @escaping @Sendable (Value) -> Session
    ) -> [JSONField<Value>] {
        [
            JSONField("id", .identifier(), "Its identifier.") { session($0).id },
            JSONField("device", .text, "What the person's program calls itself.", example: "curl/8.5") {
                session($0).device
            },
            JSONField("created_at", .moment, "When the person signed in.") { session($0).createdAt },
            JSONField("refreshed_at", .moment, "When it was last gone on with.") { session($0).refreshedAt },
            JSONField("expires_at", .moment, "When it ends unless it is gone on with.") {
                session($0).expiresAt
            },
        ]
    }

    static let list = JSONOutput<[SessionListing]>.list(of: session)

    /// Who wants to come in.
    static let credentials: JSONInput<(name: String, password: String, cookies: Bool)> = .object(
        "Credentials", "Who wants to come in.",
        JSONInputField<String>.required(
            "username", .text(length: 0...1024), "The username or the address.", example: "ada"),
        JSONInputField<String>.required("password", UserWire.password, "The password."),
        JSONInputField<Bool>.optional(
            "cookies", .truth, "Whether the tokens go into cookies, for a browser.", meaning: false)
    ) { name, password, cookies throws(Faults) in (name, password, cookies) }

    /// A refresh token; nil for the one in a cookie.
    static let refresh: JSONInput<String?> = .object(
        "Refresh", "What goes on with a session.",
        JSONInputField<String?>.optional(
            "refresh_token", .nullable(UserWire.token),
            "The latest refresh token; null or missing for the one in a browser's cookie.", default: nil)
    ) { token throws(Faults) in token }

    static let passwordChange: JSONInput<(current: String, new: String, revokesKeys: Bool)> = .object(
        "PasswordChange", "Another password.",
        JSONInputField<String>.required("current_password", UserWire.password, "The password so far."),
        JSONInputField<String>.required("new_password", UserWire.newPassword, "The password from now on."),
        JSONInputField<Bool>.optional(
            "revoke_api_keys", .truth, "Whether all API keys become void too.", meaning: false)
    ) { current, new, revokesKeys throws(Faults) in (current, new, revokesKeys) }

    static let forgotten: JSONInput<String> = .object(
        "ForgottenPassword", "Who has forgotten the password.",
        JSONInputField<String>.required(
            "email", UserWire.email, "The address.", example: "ada@example.org")
    ) { email throws(Faults) in email }

    static let passwordReset: JSONInput<(token: String, new: String)> = .object(
        "PasswordReset", "Another password, by a code that was mailed.",
        JSONInputField<String>.required("token", UserWire.token, "The code."),
        JSONInputField<String>.required("new_password", UserWire.newPassword, "The password from now on.")
    ) { token, new throws(Faults) in (token, new) }

    static let verification: JSONInput<String> = .object(
        "EmailVerification", "A code that shows that mail arrives.",
        JSONInputField<String>.required("token", UserWire.token, "The code.")
    ) { token throws(Faults) in token }
}

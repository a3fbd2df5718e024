/// The one table of everything that can go wrong: what programs match, what people read, what to do about it.
///
/// `Docs/errors.md` is made from it (`cutroom errors`), refusals take their words from it, and counters are bounded
/// by it. A code never changes once it is published.
package enum ProblemTable {
    /// All kinds, by what they are about.
    package static let all: [ProblemKind] =
        auth + security + validation + rules + business + system + operations + service

    /// The kind of that code; nil when there is none.
    package static func kind(_ code: String) -> ProblemKind? { byCode[code] }

    private static let byCode = Dictionary(all.map { ($0.code, $0) }) { first, _ in first }

    /// What everything is that nobody foresaw.
    static let internalError = ProblemKind(
        "internal_error", 500, .system, .high, "Something went wrong here",
        ["Ask again later.", "Tell who looks after the server the request_id: the log says more."])

    // MARK: Who asks

    private static let signIn = "Sign in, or show another API key."

    private static let auth = [
        ProblemKind("unauthenticated", 401, .auth, .low, "It is not known who asks", [signIn]),
        ProblemKind(
            "missing_scope", 403, .auth, .medium, "The caller may not do this",
            ["Use a key with the scope that is named, or ask an administrator."]),
        ProblemKind(
            "sign_in_wrong", 401, .auth, .medium, "Nobody is signed in",
            ["Check name and password.", "Ask for a new password at /api/v1/auth/password/forgot."]),
        ProblemKind(
            "sign_in_throttled", 429, .auth, .high, retry: true, "Too many attempts have failed",
            ["Wait as long as retry_after says.", "Ask for a new password."]),
        ProblemKind(
            "sign_in_locked", 429, .auth, .high, retry: true, "Signing in is locked for a while",
            ["Wait as long as retry_after says.", "Ask for a new password."]),
        ProblemKind(
            "user_closed", 403, .auth, .medium, "The user may not work now", ["Ask an administrator."]),
        ProblemKind(
            "sign_up_refused", 403, .auth, .low, "Not everybody can sign up here",
            ["Ask an administrator for an invitation."]),
        ProblemKind("sign_up_closed", 403, .auth, .low, "Nobody can sign up here", ["Ask an administrator."]),
        ProblemKind(
            "sign_up_invitation_needed", 403, .auth, .low, "Signing up needs an invitation",
            ["Ask an administrator for an invitation."]),
        ProblemKind(
            "code_refused", 422, .auth, .low, "The code does nothing", ["Ask for another code."]),
        ProblemKind(
            "password_refused", 422, .auth, .low, "The password cannot be chosen", ["Choose another one."]),
        ProblemKind("credential_unknown", 401, .auth, .low, "What was shown is not known", [signIn]),
        ProblemKind("session_revoked", 401, .auth, .low, "The session was ended", ["Sign in again."]),
        ProblemKind("session_expired", 401, .auth, .low, "The session is over", ["Sign in again."]),
        ProblemKind("token_unknown", 422, .auth, .low, "The code is not known", ["Ask for another code."]),
        ProblemKind("token_used", 422, .auth, .low, "The code was used", ["Ask for another code."]),
        ProblemKind("token_expired", 422, .auth, .low, "The code is too old", ["Ask for another code."]),
        ProblemKind("api_key_revoked", 409, .auth, .low, "The key was revoked", ["Make another key."]),
        ProblemKind("api_key_expired", 409, .auth, .low, "The key has expired", ["Make another key."]),
        ProblemKind("user_deleted", 403, .auth, .medium, "The user was deleted", ["Sign up anew."]),
        ProblemKind("user_inactive", 403, .auth, .medium, "The user is off", ["Ask an administrator."]),
        ProblemKind(
            "user_suspended", 403, .auth, .medium, "The user is suspended", ["Ask an administrator."]),
    ]

    // MARK: What looks like abuse

    private static let security = [
        ProblemKind(
            "rate_limited", 429, .security, .medium, retry: true, "Too many requests have come",
            ["Wait as long as retry_after says, and ask less often."]),
        ProblemKind(
            "origin_not_allowed", 403, .security, .high, "Pages of this origin may not do this",
            ["Let the operator name the origin in cors_origins."]),
        ProblemKind(
            "csrf_refused", 403, .security, .high, "It is not shown that a page of the session asks",
            ["Send the value of the cookie __Host-cutroom_csrf in X-CSRF-Token."]),
        ProblemKind(
            "misdirected_request", 421, .security, .medium, "The Host is not this server",
            ["Use a name of this server.", "Let the operator name the host in hosts."]),
        ProblemKind(
            "request_refused", 403, .security, .high, "The request is not taken",
            ["Ask the operator, if this is a mistake."]),
    ]

    // MARK: What stands in the request

    private static let mend = "Mend what errors and detail name, and send the request again."

    private static let validation = [
        ProblemKind(
            "validation_failed", 422, .validation, .low, "Something in the request is not as it must be",
            [mend]),
        ProblemKind(
            "malformed_request", 400, .validation, .low, "The request cannot be read",
            ["Hold the request against /openapi.json."]),
        ProblemKind(
            "not_found", 404, .validation, .low, "There is no such thing",
            ["Check the identifier.", "List what there is."]),
        ProblemKind(
            "method_not_allowed", 405, .validation, .low, "The method cannot be used here",
            ["Use a method that Allow names."]),
        ProblemKind(
            "not_acceptable", 406, .validation, .low, "Nothing here is of an accepted type",
            ["Accept a type that detail names, or leave Accept out."]),
        ProblemKind(
            "request_timeout", 408, .validation, .low, retry: true, "The request came too slowly",
            ["Retry over a faster connection."]),
        ProblemKind(
            "payload_too_large", 413, .validation, .low, "The body is too large", ["Send less at once."]),
        ProblemKind(
            "uri_too_long", 414, .validation, .low, "The address is too long", ["Send less in the query."]),
        ProblemKind(
            "unsupported_media_type", 415, .validation, .low, "The body's type is not taken here",
            ["Send a type that detail names, and say so in Content-Type."]),
        ProblemKind(
            "range_not_satisfiable", 416, .validation, .low, "The range lies outside the file",
            ["Ask for a range within the size that Content-Range names."]),
        ProblemKind(
            "expectation_failed", 417, .validation, .low, "What Expect asks for cannot be met",
            ["Leave Expect out."]),
        ProblemKind(
            "upgrade_required", 426, .validation, .low, "Only WebSockets are answered here",
            ["Open a WebSocket, or use the event stream beside it."]),
        ProblemKind(
            "header_fields_too_large", 431, .validation, .low, "The header is too large",
            ["Send fewer or shorter header fields and cookies."]),
        ProblemKind(
            "transfer_coding_not_implemented", 501, .validation, .low,
            "The transfer coding is not understood",
            ["Send the body with a length, or in chunks."]),
        ProblemKind(
            "http_version_not_supported", 505, .validation, .low, "This version of HTTP is not spoken",
            ["Use HTTP/1.1."]),
        ProblemKind(
            "precondition_failed", 412, .validation, .low, "A condition of the request does not hold",
            ["Fetch the present version, and decide anew."]),
        ProblemKind(
            "idempotency_key_reused", 422, .validation, .low,
            "The Idempotency-Key was used for another request", ["Make a new key for each request."]),
        ProblemKind(
            "malformed", 422, .validation, .medium, "The job's arguments cannot be read",
            ["Order it anew; tell who looks after the server."]),
    ]

    // MARK: The server itself

    private static let system = [
        internalError,
        ProblemKind(
            "internal", 500, .system, .high, "Something unforeseen happened",
            ["Resume the task.", "Tell who looks after the server: the log says more."]),
        ProblemKind(
            "overloaded", 503, .system, .medium, retry: true, "The server cannot answer now",
            ["Retry after as long as retry_after says, each time waiting longer."]),
        ProblemKind(
            "storage_full", 507, .system, .critical, retry: true, "No room is left",
            ["Remove tasks, or free the server's disk.", "Retry once there is room."]),
        ProblemKind(
            "corrupt", 500, .system, .critical, "What is stored cannot be read",
            ["Restore the store from a backup; the log says what is broken."]),
        ProblemKind(
            "cancelled", 503, .system, .low, retry: true, "The server gave up on it", ["Retry."]),
        ProblemKind(
            "lease_lost", 409, .system, .low, retry: true, "Another process took over the work",
            ["Wait: the work goes on there."]),
        ProblemKind(
            "removal_failed", 500, .system, .high, retry: true, "Not all could be removed",
            ["Wait: it is tried again."]),
    ]

    // MARK: Programs and services

    private static let service = [
        ProblemKind(
            "service_unavailable", 503, .service, .high, retry: true,
            "A service that this needs does not answer",
            ["Retry after as long as retry_after says.", "Look at /health for what is down."]),
        ProblemKind(
            "upstream_timeout", 504, .service, .medium, retry: true,
            "A service that this needs did not answer in time",
            ["Retry once.", "Look at /health for what is slow."]),
        ProblemKind(
            "unavailable", 503, .service, .medium, retry: true,
            "Something that the task needs does not answer",
            ["Resume the task later: it retries at the stage where it was."]),
        ProblemKind(
            "provider_refused", 502, .service, .high, "A service refuses what it is asked",
            ["Check the service's key and model: cutroom doctor."]),
        ProblemKind(
            "program_missing", 503, .service, .critical, "A program that this needs is not installed",
            ["Run cutroom doctor to see how to get it."]),
        ProblemKind(
            "program_failed", 503, .service, .medium, retry: true, "A program could not do its part",
            ["Resume the task.", "Hand in the source in another form."]),
        ProblemKind(
            "no_transcriber", 422, .service, .medium, "No recogniser takes this source",
            ["Hand in captions.", "Configure a transcriber: cutroom doctor lists them."]),
        ProblemKind(
            "mail_failed", 503, .service, .medium, retry: true, "A letter was not taken",
            ["Wait: it is tried again.", "Check smtp_url and mail_from."]),
        ProblemKind(
            "delivery_failed", 503, .service, .medium, retry: true, "A delivery cannot be made now",
            ["Wait: it is tried again.", "Check the receiver."]),
    ]
}

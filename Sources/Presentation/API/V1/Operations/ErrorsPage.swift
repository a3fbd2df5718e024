/// The page of all failures, as `Docs/errors.md` holds it.
package enum ErrorsPage {
    /// The page as Markdown.
    package static var markdown: String {
        var page = """
            # Errors

            Every failure is `application/problem+json` (RFC 9457) and has one of these codes, which never change. This page is
            made from the program's own table: `cutroom errors > Docs/errors.md`.

            A refusal says beside its `code`: `severity` (how much it matters to who looks after the server, and so the level of
            its line in the log: low is `info`, medium `warning`, high and critical `error`), `retryable` (whether the same
            request may work later), `recovery_suggestions`, `operation` (the `operationId`), `service` where a program or
            service is to blame, `request_id`, `retry_after` in seconds where that is known, and `timestamp`. The sentence here is
            its `title`; `detail` says what was wrong this time. What a program or library said is for the log alone.

            Codes of rules also stand in the `error` of a task that failed. Some are answered within a broader code, such as
            `validation_failed`, which then carries the rule's own sentence in `detail`.

            """
        for family in ProblemKind.Family.allCases {
            page +=
                "\n## \(family.heading)\n\n| code | status | severity | retry | what it means | what to do |\n"
            page += "|---|---|---|---|---|---|\n"
            let kinds = ProblemTable.all.filter { $0.family == family }
            for kind in kinds.sorted(by: { $0.code < $1.code }) {
                page +=
                    "| `\(kind.code)` | \(kind.status.code) | \(kind.severity.rawValue) | "
                    + "\(kind.isRetryable ? "yes" : "") | \(kind.title). | "
                    + "\(kind.recovery.joined(separator: " ")) |\n"
            }
        }
        return page
    }
}

extension ProblemKind.Family {
    fileprivate var heading: String {
        switch self {
        case .auth: "Who asks"
        case .validation: "What stands in the request"
        case .security: "What looks like abuse"
        case .system: "The server itself"
        case .business: "Rules"
        case .service: "Programs and services"
        }
    }
}

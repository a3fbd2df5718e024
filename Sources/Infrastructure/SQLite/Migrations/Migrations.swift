/// Every step of the store's schema, in order.
///
/// What is published never changes: a new step is added instead.
package enum Migrations {
    /// The steps, first to last.
    package static let all: [Migration] = [
        Migration(number: 1, summary: "tasks, clips, uploads, documents, notices, answers", script: clipping),
        Migration(number: 2, summary: "jobs and their history", script: jobs),
        Migration(number: 3, summary: "accounts, credits, audit", script: accounts),
        Migration(number: 4, summary: "owners of tasks, uploads and jobs", script: owners),
        Migration(number: 5, summary: "uploads by owner", script: uploadsByOwner),
        Migration(number: 6, summary: "settings and numbers for administrators", script: administration),
        Migration(number: 7, summary: "webhooks and deliveries", script: webhooks),
        Migration(number: 8, summary: "preferences, mail allowances", script: preferences),
        Migration(number: 9, summary: "keys and audit lines by age", script: forgetting),
        Migration(number: 10, summary: "several tokens of a generation", script: secondThoughts),
        Migration(number: 11, summary: "revisions of the configuration", script: revisions),
        Migration(number: 12, summary: "bans of addresses", script: bans),
        Migration(number: 13, summary: "credits among the other totals", script: creditTotals),
    ]
}

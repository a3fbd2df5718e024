internal import Application
internal import Domain

/// How users, and the numbers of a server, stand on the wire for administrators.
enum AdminWire {
    static let user = JSONOutput<User>.object(
        "ManagedUser", "A user, as administrators see one.",
        UserWire.fields + [
            JSONField("suspension", .nullable(shownSuspension), "Why the user is kept out.") { user in
                if case .suspended(let suspension) = user.state { suspension } else { nil }
            }
        ])

    private static let shownSuspension = JSONOutput<Suspension>.object(
        "Suspension", "Why and until when a user is kept out.",
        [
            JSONField("reason", .text, "Why.", example: "spam") { $0.reason },
            JSONField("since", .moment, "When it began.") { $0.since },
            JSONField(
                "until", .nullable(.moment),
                "When it ends by itself; null when only an administrator ends it."
            ) { $0.until },
        ])

    static let users: JSONOutput<Page<User, Identifier<User>>> = PageWire.page(
        "ManagedUserPage", "A page of users, newest first.", of: user)

    static let details = JSONOutput<UserDetails>.object(
        "ManagedUserDetails", "A user, with credits, sessions and API keys.",
        [
            JSONField("user", user, "The user.") { $0.user },
            JSONField("credits", balance, "The credits, with those of the present month.") { $0.credits },
            JSONField("sessions", .list(of: session), "Where the user is signed in, newest first.") {
                $0.sessions
            },
            JSONField("api_keys", KeyWire.list, "The API keys, void ones included, newest first.") {
                $0.keys
            },
        ])

    private static let session = JSONOutput<Session>.object(
        "ManagedSession", "A user's stay.",
        [
            JSONField("id", .identifier(), "Its identifier.") { $0.id },
            JSONField("device", .text, "What the user's program calls itself.", example: "curl/8.5") {
                $0.device
            },
            JSONField("created_at", .moment, "When the user signed in.") { $0.createdAt },
            JSONField("refreshed_at", .moment, "When it was last gone on with.") { $0.refreshedAt },
            JSONField("expires_at", .moment, "When it ends unless it is gone on with.") { $0.expiresAt },
        ])

    static let balance = JSONOutput<CreditStatement>.object(
        "Balance", "What a user has in credits.",
        [
            JSONField("available", .count, "How many can be spent.", example: 10) {
                $0.ledger.available.total
            },
            JSONField("monthly", .count, "How many of those end with the month.", example: 10) {
                $0.ledger.available.monthly
            },
            JSONField("bought", .count, "How many of those do not end.", example: 0) {
                $0.ledger.available.bought
            },
            JSONField("held", .count, "How many are set aside for tasks.", example: 0) {
                $0.ledger.held.total
            },
        ])

    static let statistics = JSONOutput<ServerStatistics>.object(
        "ServerStatistics", "How much there is on the whole server.",
        [
            JSONField("users", userCounts, "Users by state.") { $0.users },
            JSONField("tiers", .list(of: tierCount), "Plans that have users, by name.") { statistics in
                statistics.tiers.map { ($0.key, $0.value) }.sorted { $0.0.text < $1.0.text }
            },
            JSONField("tasks", StatisticsWire.tasks, "Tasks by status.") { $0.stored.store.tasks },
            JSONField("jobs", StatisticsWire.jobs, "Jobs by state.") { $0.stored.jobs },
            JSONField("credits", credits, "How credits came and went.") { $0.credits },
            JSONField("clips", .count, "Rendered clips.", example: 12) { $0.stored.store.clips },
            JSONField("uploads", .count, "Uploads.", example: 4) { $0.stored.store.uploads },
            JSONField("media_bytes", .count, "Bytes of all uploads and clips.", example: 73_400_320) {
                $0.stored.store.mediaBytes
            },
        ])

    private static let userCounts = JSONOutput<[User.State.Name: Int]>.object(
        "UserCounts", "Users by state.",
        User.State.Name.allCases.map { name in
            JSONField(name.rawValue, .count, "Users who are \(name.rawValue).", example: 1) { $0[name] ?? 0 }
        })

    private static let tierCount = JSONOutput<(Tier.Name, Int)>.object(
        "TierCount", "How many users are on a plan.",
        [
            JSONField("tier", .text, "The plan.", example: "free") { $0.0.text },
            JSONField("users", .count, "How many users are on it, deleted ones left out.", example: 3) {
                $0.1
            },
        ])

    private static let credits = JSONOutput<CreditTotals>.object(
        "CreditTotals", "How many credits moved, of all users.",
        [
            JSONField("granted", .count, "Came in: those of a month, bought ones and presents.") {
                $0.granted
            },
            JSONField(
                "adjusted", JSONOutput(.integer(nil, nil)) { $1.integer(Int64($0)) },
                "By how much administrators corrected balances; below zero when they took more than they gave."
            ) { $0.adjusted },
            JSONField("captured", .count, "Were spent, those that came back later included.") {
                $0.captured
            },
            JSONField("refunded", .count, "Came back after they had been spent.") { $0.refunded },
            JSONField("expired", .count, "Ended with their month.") { $0.expired },
            JSONField("held", .count, "Are set aside for tasks now.") { $0.held },
            JSONField("available", .count, "Can be spent now.") { $0.available },
        ])
}

// MARK: - What administrators send

extension AdminWire {
    /// What `PATCH` takes: only what is there is changed.
    static let patch: JSONInput<(edit: ProfileEdit, role: Role?)> = .object(
        "ManagedUserPatch", "What is changed; what is missing stays.",
        JSONInputField<String?>.optional(
            "username", .present(UserWire.username), "The name to sign in with.", example: "ada",
            default: nil),
        JSONInputField<String?>.optional(
            "email", .present(UserWire.email), "The address.", example: "ada@example.org", default: nil),
        JSONInputField<String??>.optional(
            "first_name", .present(.nullable(UserWire.name)), "The first name; null takes it away.",
            default: nil),
        JSONInputField<String??>.optional(
            "last_name", .present(.nullable(UserWire.name)), "The last name; null takes it away.",
            default: nil),
        JSONInputField<String?>.optional(
            "time_zone", .present(UserWire.timeZone), "Where the day ends.", example: "Europe/London",
            default: nil),
        JSONInputField<Role?>.optional(
            "role", .present(.name), "What the user is here.", example: "admin", default: nil)
    ) { username, email, firstName, lastName, timeZone, role throws(Faults) in
        var edit = ProfileEdit()
        edit.username = username
        edit.email = email
        edit.firstName = firstName
        edit.lastName = lastName
        edit.timeZone = timeZone
        return (edit, role)
    }

    static let suspension: JSONInput<(reason: String, until: Timestamp?)> = .object(
        "SuspensionOrder", "Why a user is kept out, and until when.",
        JSONInputField<String>.required(
            "reason", SingleLine.input(Suspension.reasonLength).prose,
            "Why, for the user and for administrators.",
            example: "spam"),
        JSONInputField<Timestamp?>.optional(
            "until", .nullable(.moment), "When it ends by itself; null for when an administrator ends it.",
            example: "2030-01-01T00:00:00Z", default: nil)
    ) { reason, until throws(Faults) in (reason, until) }

    static let tierChange: JSONInput<Tier.Name> = .object(
        "TierChange", "Another plan.",
        JSONInputField<Tier.Name>.required("tier", TierWire.name, "The plan.", example: "premium")
    ) { tier throws(Faults) in tier }

    static let adjustment: JSONInput<(amount: Int, reason: String)> = .object(
        "CreditAdjustment", "Credits that are given or taken away.",
        JSONInputField<Int>.required(
            "amount", .integer(-CreditLedger.amounts.upperBound...CreditLedger.amounts.upperBound),
            "How many; below zero to take credits away, and not zero.", example: 25),
        JSONInputField<String>.required(
            "reason", SingleLine.input(CreditLedger.reasonLength).prose,
            "Why, for the user and the audit trail.",
            example: "a present")
    ) { amount, reason throws(Faults) in (amount, reason) }
}

extension ProblemTable {
    // MARK: Rules about the things that are stored

    static let business = [
        ProblemKind(
            "conflict", 409, .business, .low, "The state of the thing forbids it",
            ["Read the thing again, and decide anew."]),
        ProblemKind(
            "not_ready", 409, .business, .low, retry: true, "It is not there yet", ["Wait, and retry."]),
        ProblemKind(
            "not_media", 422, .business, .low, "The file is not a video",
            ["Hand in a file with a video stream."]),
        ProblemKind(
            "username_taken", 409, .business, .low, "The username is someone else's", ["Choose another one."]),
        ProblemKind(
            "email_taken", 409, .business, .low, "There is an account with this address",
            ["Sign in, or ask for a new password."]),
        ProblemKind(
            "export_too_soon", 429, .business, .low, retry: true, "Everything was taken home a moment ago",
            ["Wait as long as retry_after says."]),
        ProblemKind(
            "insufficient_credits", 402, .business, .low, "There are too few credits",
            ["Order less: tasks:preview tells the price.", "Ask an administrator for credits."]),
        ProblemKind(
            "quota_source_too_long", 403, .business, .low, "The plan takes no source that long",
            ["Order ranges of it, or change the plan."]),
        ProblemKind(
            "quota_tasks_at_once", 409, .business, .low, retry: true,
            "As many tasks as can be are unfinished", ["Wait for one to end, or cancel one."]),
        ProblemKind(
            "quota_tasks_per_day", 429, .business, .low, retry: true, "No more tasks can be ordered today",
            ["Wait as long as retry_after says, or change the plan."]),
        ProblemKind(
            "quota_storage", 409, .business, .low, "The plan keeps no more",
            ["Delete tasks and uploads, or change the plan."]),
        ProblemKind(
            "api_key_too_many", 409, .business, .low, "There are as many keys as can be",
            ["Revoke a key that is not used."]),
        ProblemKind(
            "webhook_too_many", 409, .business, .low, "There are as many webhooks as can be",
            ["Delete one that is not used."]),
        ProblemKind(
            "webhook_disabled", 409, .business, .low, "The webhook is switched off",
            ["Mend the receiver, and switch it on again."]),
        ProblemKind(
            "no_clip_rendered", 422, .business, .medium, "No clip could be rendered",
            ["Read the first clip's reason, and resume the task."]),
        ProblemKind(
            "last_administrator", 409, .business, .medium, "Nobody else looks after the server",
            ["Make another administrator first."]),
    ]

    /// Rules of which it is enough to say what they forbid: they are answered alone, or within a broader kind.
    static let rules =
        rules(
            422, .business, "Hand in another source, or other options.",
            [
                ("source_too_short", "The video is too short"), ("source_truncated", "The file breaks off"),
                ("source_too_long", "The video is longer than is taken"),
                ("source_too_complex", "The file cannot be worked on"),
                ("captions_unreadable", "The file cannot be worked on"),
                ("address_unsupported", "The address is of no kind that is fetched"),
                ("fetch_refused", "The other server has nothing there"),
                ("ranges_outside_source", "The ranges lie outside the source"),
            ])
        + rules(
            422, .security, "Name an address that is open to everyone.",
            [("address_refused", "The address leads into a network that is not open")])
        + rules(
            422, .validation, "Choose another one, as detail says.",
            [
                ("username_length", "The username is too short or too long"),
                ("username_characters", "The username has other characters than it may"),
                ("username_reserved", "The username is reserved"),
                ("name_length", "The name is too short or too long"),
                ("name_characters", "The name has characters that cannot be seen"),
                ("time_zone", "The time zone is not known"), ("email_form", "The address is no address"),
                ("email_local_part", "What stands before the @ is no name"),
                ("email_domain", "What stands behind the @ is no domain"),
                ("email_international_domain", "The international domain cannot be read"),
                ("email_too_long", "The address is too long"),
                ("password_too_short", "The password is too short"),
                ("password_too_long", "The password is too long"),
                ("password_too_common", "The password is one that everybody tries"),
                ("password_own_name", "The password is the user's own name"),
                ("password_needed", "The present password is needed"),
                ("template_unknown", "There is no such template"), ("font_unknown", "There is no such font"),
                ("setting_value", "The setting takes no such value"),
                ("suspension_reason", "The reason is missing or too long"),
                ("suspension_end", "The end is not in the future"),
                ("api_key_name", "The key's name is missing or too long"),
                ("api_key_no_scope", "The key allows nothing"),
                ("api_key_scope", "The key cannot allow this"),
                ("api_key_expiry", "The expiry is too near or too far"),
                ("invitation_lifetime", "The invitation's lifetime is too short or too long"),
                ("tier_name", "The plan's name is no name"),
                ("tier_monthly_credits", "Too few or too many credits"),
                ("tier_longest_source", "The longest source is out of bounds"),
                ("tier_tasks_per_day", "The tasks a day are out of bounds"),
                ("tier_concurrent_tasks", "The tasks at once are out of bounds"),
                ("tier_storage", "The storage is out of bounds"),
                ("tier_priority", "The priority is out of bounds"),
                ("quality_side", "The picture's side is out of bounds"),
                ("quality_aspect", "The picture's shape is out of bounds"),
                ("quality_level", "The quality is out of bounds"),
                ("quality_bitrate", "The bit rate is out of bounds"),
                ("quality_frame_rate", "The frame rate is out of bounds"),
                ("credit_amount", "The amount is out of bounds"),
                ("credit_reason", "The reason is missing or too long"),
                ("credit_rates", "The prices are out of bounds"),
                ("ban_reason", "The reason is missing or too long"),
            ])
        + rules(
            409, .business, "Read the thing again, and decide anew.",
            [
                ("address_exempt", "The address is never banned"),
                ("own_account", "One does not do this to oneself"),
                ("email_no_longer_used", "The address is no longer the user's"),
                ("user_already_active", "The user is active"),
                ("user_not_suspended", "The user is not suspended"),
                ("invitation_used", "The invitation was used"),
                ("invitation_withdrawn", "The invitation was withdrawn"),
                ("invitation_expired", "The invitation is too old"),
                ("invitation_other_address", "The invitation is for another address"),
                ("invitation_inviter_gone", "Who invited may no longer do so"),
                ("credit_balance_too_large", "The balance would be too large"),
                ("credit_hold_ended", "The hold has ended"),
                ("credit_hold_too_small", "The hold is too small"),
                ("credit_refund_too_large", "More would be given back than was taken"),
                ("credit_other_ledger", "The entry is of another ledger"),
                ("credit_overdrawn", "More would be taken than is there"),
            ])
        + [
            ProblemKind(
                "credit_entries_disagree", 500, .system, .critical, "The ledger does not add up",
                ["Tell who looks after the server: nothing is booked until it is mended."])
        ]

    private static func rules(
        _ status: HTTPStatus, _ family: ProblemKind.Family, _ recovery: String,
        _ rows: [(code: String, title: String)]
    ) -> [ProblemKind] {
        rows.map { ProblemKind($0.code, status, family, .low, $0.title, [recovery]) }
    }
}

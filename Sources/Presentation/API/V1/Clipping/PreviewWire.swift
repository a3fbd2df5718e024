internal import Application
internal import Domain

/// How the price of an order stands on the wire.
enum PreviewWire {
    static let preview = JSONOutput<TaskPreview>.object(
        "TaskPreview", "What an order would cost, and whether it would be taken.",
        [
            JSONField("credits", .count, "How many credits it would hold.", example: 2) { $0.credits },
            JSONField(
                "exact", .truth,
                "Whether that is the price; else the most that it can be, since the source is not here yet.",
                example: true
            ) { $0.isExact },
            JSONField(
                "minutes", .nullable(.count),
                "How many minutes are counted, of the source or the longest one; null where they are not known "
                    + "and nothing costs.", example: 1
            ) { $0.minutes },
            JSONField("formats", .count, "How many formats are counted.", example: 1) { $0.formats },
            JSONField("mode", .name, "The mode that is counted.", example: "balanced") { $0.mode },
            JSONField(
                "available", .nullable(.count), "How many credits there are; null where nothing costs.",
                example: 10
            ) { $0.available },
            JSONField(
                "available_after", .nullable(.count),
                "How many would be left; null where nothing costs, and when there are too few.", example: 8
            ) { $0.availableAfter },
            JSONField(
                "refusals", .list(of: refusal),
                "All for which the order would be refused now; empty when it would be taken."
            ) { $0.refusals },
        ])

    private static let refusal = JSONOutput<OrderRefusal>.object(
        "OrderRefusal", "Why an order would be refused.",
        [
            JSONField("code", .text, "The kind of refusal, for programs.", example: "insufficient_credits") {
                $0.code
            },
            JSONField("detail", .text, "What is wrong and what to do.") { $0.explanation },
        ])
}

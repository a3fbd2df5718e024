extension ProblemTable {
    private static let again = "Read it again, and decide anew."

    /// What has to do with running the server.
    static let operations = [
        ProblemKind(
            "component_not_restartable", 409, .system, .low, "The component cannot be restarted alone",
            ["Restart the program."]),
        ProblemKind(
            "component_held", 409, .system, .low, "Others hold the component", ["Restart the program."]),
        ProblemKind(
            "component_busy", 409, .system, .low, retry: true, "The component is being started or stopped",
            ["Ask again when it is not."]),
        ProblemKind(
            "component_ending", 409, .system, .low, "The program is ending", ["Wait until it is back."]),
        ProblemKind(
            "component_cycle", 500, .system, .critical, "Components need each other in a circle",
            ["Report it: the program was put together wrongly."]),
        ProblemKind(
            "component_duplicate", 500, .system, .critical, "Two components have one name",
            ["Report it: the program was put together wrongly."]),
        ProblemKind(
            "component_unknown", 500, .system, .critical, "A component needs one that there is not",
            ["Report it: the program was put together wrongly."]),
        ProblemKind(
            "component_transition", 500, .system, .high, "A component cannot go from one state to the other",
            ["Report it, with the log."]),
        ProblemKind(
            "precondition_required", 428, .validation, .low, "The request has to say what it builds on",
            ["Read it, and send its ETag as If-Match."]),
        ProblemKind(
            "configuration_stale", 412, .business, .low, "The configuration is another one by now", [again]),
        ProblemKind(
            "configuration_unconditional", 428, .validation, .low, "The change has to say what it builds on",
            ["Read the configuration, and send its ETag as If-Match."]),
        ProblemKind(
            "configuration_unusable", 422, .validation, .low, "A setting does not take its value",
            ["Correct the settings that are named."]),
        ProblemKind(
            "configuration_vetoed", 422, .business, .medium, "A part of the server cannot work with it",
            ["Choose what the part can work with; it says why."]),
        ProblemKind(
            "configuration_unreadable", 409, .system, .medium, "What stands on the server cannot be used",
            ["Correct the file or the environment, and reload."]),
        ProblemKind(
            "alert_expression_malformed", 422, .validation, .low, "The expression cannot be read",
            ["Correct it at the place that is named."]),
        ProblemKind(
            "mail_refused", 502, .service, .medium, "The mail server has refused a letter for good",
            ["Check the address, and what the mail server says in the log."]),
    ]
}

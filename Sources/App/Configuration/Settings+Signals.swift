extension Settings {
    static let logFile = Setting.optionalText(
        "log_file", "FILE", "A file for the log besides standard error; each process needs one of its own")
    static let logMaxSize = Setting.bytes(
        "log_max_size", default: "10MiB", "How large that file may be before the next one is begun")
    static let logMaxFiles = Setting.integer(
        "log_max_files", 0...100, default: 5, "How many former files of the log are kept")
    static let logMaxAge = Setting.duration(
        "log_max_age", default: "168h",
        "After which time former files of the log are removed; the file itself is begun anew every day")
    static let collector = Setting.serviceAddress(
        "otlp_endpoint",
        "Base of an OpenTelemetry collector that takes traces over HTTP; else OTEL_EXPORTER_OTLP_ENDPOINT")
    static let traceShare = Setting.number(
        "trace_sample", 0...1, unit: "of all", default: 0.01,
        "How many of the traces that begin here are recorded; those that others began are when they are there"
    )

    static let signalSettings: [SettingDeclaration] = [
        logFile.declaration, logMaxSize.declaration, logMaxFiles.declaration, logMaxAge.declaration,
        collector.declaration, traceShare.declaration,
    ]
}

/// Every metric that there is, by what it tells of.
extension MetricDefinition {
    /// All of them, in the order in which they are explained to operators.
    package static let all =
        requests + useCases + upstreams + jobs + stored + media + credits + mail + logs + traces + health
        + process

    /// Bounds for what takes from microseconds to seconds.
    private static let quick = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10]
    /// Bounds for what takes from a moment to hours.
    private static let long: [Double] = [0.1, 1, 5, 15, 60, 300, 900, 3600, 14_400]

    // MARK: Requests

    /// What `cutroom_http_requests_total` is.
    package static let httpRequests = Self(
        "cutroom_http_requests_total", .counter, by: ["method", "route", "status"], bound: 2000,
        "Requests answered.")
    /// What `cutroom_http_request_duration_seconds` is.
    package static let httpDuration = Self(
        "cutroom_http_request_duration_seconds", .histogram(quick), in: .seconds, by: ["method", "route"],
        bound: 400, "From the head of a request to the head of its answer.")
    /// What `cutroom_http_refusals_total` is.
    package static let httpRefusals = Self(
        "cutroom_http_refusals_total", .counter, by: ["code"],
        "Requests refused, by the code of the refusal.")
    /// What `cutroom_http_faults_total` is.
    package static let httpFaults = Self(
        "cutroom_http_faults_total", .counter, by: ["rule"],
        "Requests that did not keep to what a route takes, by the rule that they broke.")
    /// What `cutroom_text_findings_total` is.
    package static let textFindings = Self(
        "cutroom_text_findings_total", .counter, by: ["rule", "action"],
        "Texts that were found wanting, by rule and by what became of them.")
    /// What `cutroom_http_requests_slow_total` is.
    package static let httpSlow = Self(
        "cutroom_http_requests_slow_total", .counter, "Requests that took longer than a second.")
    /// What `cutroom_http_requests_in_flight` is.
    package static let httpInFlight = Self(
        "cutroom_http_requests_in_flight", .gauge, "Requests that wait for something here.")
    /// What `cutroom_http_requests_limit` is.
    package static let httpLimit = Self(
        "cutroom_http_requests_limit", .gauge, "How many of them are let in.")
    /// What `cutroom_http_requests_shed_total` is.
    package static let httpShed = Self(
        "cutroom_http_requests_shed_total", .counter, "Requests refused for too many others.")
    /// What `cutroom_threats_total` is.
    package static let threats = Self(
        "cutroom_threats_total", .counter, by: ["family"],
        "Requests that count as attacks, by their families.")
    /// What `cutroom_security_events_total` is.
    package static let securityEvents = Self(
        "cutroom_security_events_total", .counter, by: ["type"],
        "What was seen at the edge, by what it looks like.")
    /// What `cutroom_bans` is.
    package static let bans = Self(
        "cutroom_bans", .gauge, "Addresses from which nothing is served now.")
    /// What `cutroom_errors_total` is.
    package static let errors = Self(
        "cutroom_errors_total", .counter, by: ["code"], bound: 1000, "Failures, by code.")
    /// What `cutroom_operation_errors_total` is.
    package static let operationErrors = Self(
        "cutroom_operation_errors_total", .counter, by: ["operation"], bound: 1000,
        "Failures, by operation.")
    /// What `cutroom_service_errors_total` is.
    package static let serviceErrors = Self(
        "cutroom_service_errors_total", .counter, by: ["service"], "Failures, by who was to blame.")
    /// What `cutroom_retries_total` is.
    package static let retries = Self(
        "cutroom_retries_total", .counter, "How often what had failed was tried again.")
    /// What `cutroom_recoveries_total` is.
    package static let recoveries = Self(
        "cutroom_recoveries_total", .counter, "How often that worked in the end.")
    /// What `cutroom_task_followers` is.
    package static let followers = Self(
        "cutroom_task_followers", .gauge, "Event streams and WebSockets that are open.")
    private static let requests = [
        httpRequests, httpDuration, httpRefusals, httpFaults, textFindings, httpSlow, httpInFlight, httpLimit,
        httpShed, threats,
        securityEvents, bans, errors, operationErrors, serviceErrors, retries, recoveries, followers,
    ]

    // MARK: Use cases

    /// What `cutroom_use_case_runs_total` is.
    package static let useCaseRuns = Self(
        "cutroom_use_case_runs_total", .counter, by: ["use_case", "outcome"], bound: 400,
        "Use cases that ended, by how: done, refused by a rule, failed or cancelled.")
    /// What `cutroom_use_case_duration_seconds` is.
    package static let useCaseDuration = Self(
        "cutroom_use_case_duration_seconds", .histogram(quick), in: .seconds, by: ["use_case"],
        "How long use cases took.")
    private static let useCases = [useCaseRuns, useCaseDuration]

    // MARK: Upstreams

    /// What `cutroom_upstream_calls_total` is.
    package static let upstreamCalls = Self(
        "cutroom_upstream_calls_total", .counter, by: ["upstream", "outcome"],
        "Calls of upstreams, by how they ended: answered, failed, unknown, or not made while it rests.")
    /// What `cutroom_upstream_call_duration_seconds` is.
    package static let upstreamDuration = Self(
        "cutroom_upstream_call_duration_seconds", .histogram([0.05, 0.25, 1, 5, 15, 60, 300, 1800]),
        in: .seconds,
        by: ["upstream"], "How long calls of upstreams took.")
    /// What `cutroom_upstream_breaker` is.
    package static let upstreamBreaker = Self(
        "cutroom_upstream_breaker", .gauge, by: ["upstream", "state"],
        "1 for the state in which the breaker of an upstream is.")
    private static let upstreams = [upstreamCalls, upstreamDuration, upstreamBreaker]

    // MARK: Jobs

    /// What `cutroom_jobs` is.
    package static let jobStates = Self("cutroom_jobs", .gauge, by: ["state"], "Jobs by state.")
    /// What `cutroom_queue_depth` is.
    package static let queueDepth = Self(
        "cutroom_queue_depth", .gauge, "Jobs that wait for a worker or for a later moment.")
    /// What `cutroom_queue_oldest_age_seconds` is.
    package static let queueAge = Self(
        "cutroom_queue_oldest_age_seconds", .gauge, in: .seconds,
        "How long ago the oldest job was enqueued that a worker could take now; 0 without one.")
    /// What `cutroom_job_attempts_total` is.
    package static let jobAttempts = Self(
        "cutroom_job_attempts_total", .counter, by: ["kind", "outcome"],
        "Attempts at jobs in this process, by how they ended.")
    /// What `cutroom_job_wait_seconds` is.
    package static let jobWait = Self(
        "cutroom_job_wait_seconds", .histogram(long), in: .seconds, by: ["kind"],
        "From when a job was due to when a worker of this process took it.")
    /// What `cutroom_job_run_seconds` is.
    package static let jobRun = Self(
        "cutroom_job_run_seconds", .histogram(long), in: .seconds, by: ["kind"],
        "How long attempts at jobs took.")
    /// What `cutroom_stage_duration_seconds` is.
    package static let stageDuration = Self(
        "cutroom_stage_duration_seconds", .histogram(long), in: .seconds, by: ["stage"],
        "How long stages of tasks took that ended well.")
    private static let jobs = [
        jobStates, queueDepth, queueAge, jobAttempts, jobWait, jobRun, stageDuration,
    ]

    // MARK: What is stored

    /// What `cutroom_tasks` is.
    package static let tasks = Self("cutroom_tasks", .gauge, by: ["status"], "Tasks by status.")
    /// What `cutroom_clips` is.
    package static let clips = Self("cutroom_clips", .gauge, "Rendered clips.")
    /// What `cutroom_uploads` is.
    package static let uploads = Self("cutroom_uploads", .gauge, "Uploads.")
    /// What `cutroom_media_bytes` is.
    package static let mediaBytes = Self(
        "cutroom_media_bytes", .gauge, in: .bytes, "Bytes of all uploads and clips.")
    /// What `cutroom_cache_lookups_total` is.
    package static let cacheLookups = Self(
        "cutroom_cache_lookups_total", .counter, by: ["result"],
        "Look-ups of transcripts and analyses in the cache, by result: hit or miss.")
    /// What `cutroom_cache_entries` is.
    package static let cacheEntries = Self("cutroom_cache_entries", .gauge, "Artefacts in the cache.")
    /// What `cutroom_cache_bytes` is.
    package static let cacheBytes = Self("cutroom_cache_bytes", .gauge, in: .bytes, "Bytes of the cache.")
    private static let stored = [
        tasks, clips, uploads, mediaBytes, cacheLookups, cacheEntries, cacheBytes,
    ]

    // MARK: Media

    /// What `cutroom_program_runs_total` is.
    package static let programRuns = Self(
        "cutroom_program_runs_total", .counter, by: ["program", "outcome"],
        "Child processes that ended, by program and how: done, failed or cancelled.")
    /// What `cutroom_program_duration_seconds` is.
    package static let programDuration = Self(
        "cutroom_program_duration_seconds", .histogram(long), in: .seconds, by: ["program"],
        "How long child processes ran.")
    /// What `cutroom_ffmpeg_speed_ratio` is.
    package static let ffmpegSpeed = Self(
        "cutroom_ffmpeg_speed_ratio", .histogram([0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 64]), in: .ratio,
        by: ["work"],
        "Seconds of media for each second that ffmpeg took.")
    private static let media = [programRuns, programDuration, ffmpegSpeed]

    // MARK: Credits

    /// What `cutroom_credits_moved` is.
    package static let creditsMoved = Self(
        "cutroom_credits_moved", .gauge, by: ["kind"],
        "Credits moved in all ledgers so far, by kind of entry; corrections may lower it.")
    /// What `cutroom_credits_held` is.
    package static let creditsHeld = Self(
        "cutroom_credits_held", .gauge, "Credits that are set aside for tasks now.")
    private static let credits = [creditsMoved, creditsHeld]

    // MARK: Mail

    /// What `cutroom_mail_undelivered_total` is.
    package static let mailUndelivered = Self(
        "cutroom_mail_undelivered_total", .counter, "Letters that no mail server has taken.")
    private static let mail = [mailUndelivered]

    // MARK: Logs, traces and metrics themselves

    /// What `cutroom_log_lines_total` is.
    package static let logLines = Self(
        "cutroom_log_lines_total", .counter, by: ["level"], "Lines of the log, by level.")
    /// What `cutroom_log_lines_lost_total` is.
    package static let logLinesLost = Self(
        "cutroom_log_lines_lost_total", .counter, by: ["sink"],
        "Lines of the log that could not be written, by where they should have gone.")
    private static let logs = [logLines, logLinesLost]

    /// What `cutroom_trace_spans_exported_total` is.
    package static let spansExported = Self(
        "cutroom_trace_spans_exported_total", .counter, "Spans that the collector took.")
    /// What `cutroom_trace_spans_dropped_total` is.
    package static let spansDropped = Self(
        "cutroom_trace_spans_dropped_total", .counter, by: ["reason"],
        "Spans that nobody will see: the queue was full, the collector refused them, or the process ended.")
    private static let traces = [spansExported, spansDropped]

    // MARK: Health

    /// What `cutroom_health` is.
    package static let healthLevels = Self(
        "cutroom_health", .gauge, by: ["service", "level"], bound: 1000,
        "1 for the level at which a part is.")
    /// What `cutroom_health_availability_ratio` is.
    package static let availability = Self(
        "cutroom_health_availability_ratio", .gauge, in: .ratio, by: ["service"],
        "For which share of the last day a part did its work.")
    /// What `cutroom_health_measurement` is.
    package static let measurements = Self(
        "cutroom_health_measurement", .gauge, by: ["service", "measurement"], bound: 1000,
        "What the last look at a part has measured.")
    private static let health = [healthLevels, availability, measurements]

    // MARK: The process

    /// What `process_resident_memory_bytes` is.
    package static let residentMemory = Self(
        "process_resident_memory_bytes", .gauge, in: .bytes, "Resident memory of the process.")
    /// What `process_virtual_memory_bytes` is.
    package static let virtualMemory = Self(
        "process_virtual_memory_bytes", .gauge, in: .bytes, "Virtual memory of the process.")
    /// What `process_cpu_seconds_total` is.
    package static let processorTime = Self(
        "process_cpu_seconds_total", .counter, in: .seconds,
        "Processor time of the process, its children left out.")
    /// What `process_open_fds` is.
    package static let openDescriptors = Self("process_open_fds", .gauge, "Open file descriptors.")
    /// What `process_max_fds` is.
    package static let mostDescriptors = Self(
        "process_max_fds", .gauge, "How many file descriptors may be open.")
    /// What `process_start_time_seconds` is.
    package static let startTime = Self(
        "process_start_time_seconds", .gauge, in: .seconds, "When the process was started, since 1970.")
    /// What `process_threads` is.
    package static let threads = Self("process_threads", .gauge, "Threads of the process.")
    /// What `cutroom_build_info` is.
    package static let buildInfo = Self(
        "cutroom_build_info", .gauge, by: ["version"], "1, with the version of the program.")
    /// What `cutroom_metrics_overflow_total` is.
    package static let labelOverflow = Self(
        "cutroom_metrics_overflow_total", .counter, by: ["metric"],
        "Samples that counted as “other”, since their metric has too many sets of labels.")
    private static let process = [
        residentMemory, virtualMemory, processorTime, openDescriptors, mostDescriptors, startTime, threads,
        buildInfo, labelOverflow,
    ]
}

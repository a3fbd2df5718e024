extension Command {
    /// Every command, in the order in which help lists them.
    static let all: [Command] = [
        clip, serve, worker, transcribe, listJobs, showJob, retryJob, cancelJob, migrate, backup, getConfig,
        checkConfig, config, doctor, selfTest, openAPI, errors, createUser, listUsers,
    ]
}

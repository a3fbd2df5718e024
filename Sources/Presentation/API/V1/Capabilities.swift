package import Application
package import Domain

/// What the API can do: who may ask it, and the use cases that its routes call.
///
/// A class, since it is large and each route keeps it.
package final class Capabilities: Sendable {
    package let authenticator: any Authenticator
    /// Keeps everyone to a pace; nil where nobody is counted.
    package let limiter: RateLimiter?
    /// What can be done about the configuration; nil where there is none to be looked after.
    package let configuration: ConfigurationCapabilities?
    package let receiveUpload: ReceiveUpload
    package let submitTask: SubmitVideoTask
    package let previewTask: PreviewVideoTask
    package let listTasks: ListVideoTasks
    package let getTask: GetVideoTask
    package let renameTask: RenameVideoTask
    package let cancelTask: CancelVideoTask
    package let resumeTask: ResumeVideoTask
    package let deleteTask: DeleteVideoTask
    package let getTranscript: GetTranscript
    package let getClip: GetClip
    package let getArchive: GetClipArchive
    package let archiver: any Archiver
    package let feed: TaskFeed
    package let listJobs: ListJobs
    package let getJob: GetJob
    package let retryJob: RetryJob
    package let getStatistics: GetStatistics
    package let health: HealthCapabilities
    package let catalog: any CaptionCatalog
    package let webhooks: WebhookCapabilities
    /// The SHA-256 of a body, by which a repeated request is recognised.
    package let digest: @Sendable ([UInt8]) -> ContentHash
    package let listUpstreams: ListUpstreams
    /// By what the server tells of itself.
    package let signals: Signals
    /// What can be asked about the log.
    package let logs: LogCapabilities
    package let components: ComponentCapabilities
    /// What can be known of alerts; nil where nobody watches.
    package let alerts: AlertCapabilities?
    /// Tells how often what went wrong; nil where nobody counts.
    package let errors: ErrorCapabilities?
    /// What is seen and done about abuse; nil where nobody looks.
    package let security: SecurityCapabilities?

    package init(
        authenticator: any Authenticator, limiter: RateLimiter? = nil, receiveUpload: ReceiveUpload,
        submitTask: SubmitVideoTask,
        previewTask: PreviewVideoTask, listTasks: ListVideoTasks,
        getTask: GetVideoTask, renameTask: RenameVideoTask, cancelTask: CancelVideoTask,
        resumeTask: ResumeVideoTask, deleteTask: DeleteVideoTask, getTranscript: GetTranscript,
        getClip: GetClip, getArchive: GetClipArchive, archiver: any Archiver, feed: TaskFeed,
        listJobs: ListJobs, getJob: GetJob, retryJob: RetryJob, getStatistics: GetStatistics,
        health: HealthCapabilities, catalog: any CaptionCatalog, webhooks: WebhookCapabilities,
        digest: @escaping @Sendable ([UInt8]) -> ContentHash,
        listUpstreams: ListUpstreams = ListUpstreams(), signals: Signals = Signals(),
        logs: LogCapabilities = LogCapabilities(), components: ComponentCapabilities,
        configuration: ConfigurationCapabilities? = nil, alerts: AlertCapabilities? = nil,
        errors: ErrorCapabilities? = nil, security: SecurityCapabilities? = nil
    ) {
        self.authenticator = authenticator
        self.limiter = limiter
        self.receiveUpload = receiveUpload
        self.submitTask = submitTask
        self.previewTask = previewTask
        self.listTasks = listTasks
        self.getTask = getTask
        self.renameTask = renameTask
        self.cancelTask = cancelTask
        self.resumeTask = resumeTask
        self.deleteTask = deleteTask
        self.getTranscript = getTranscript
        self.getClip = getClip
        self.getArchive = getArchive
        self.archiver = archiver
        self.feed = feed
        self.listJobs = listJobs
        self.getJob = getJob
        self.retryJob = retryJob
        self.getStatistics = getStatistics
        self.health = health
        self.catalog = catalog
        self.webhooks = webhooks
        self.digest = digest
        self.listUpstreams = listUpstreams
        self.signals = signals
        self.logs = logs
        self.components = components
        self.configuration = configuration
        self.alerts = alerts
        self.errors = errors
        self.security = security
    }
}

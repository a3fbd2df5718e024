package import Application
package import Domain

/// What the API can do: who may ask it, and the use cases that its routes call.
///
/// A class, since it is large and each route keeps it.
package final class Capabilities: Sendable {
    package let authenticator: any Authenticator
    /// Keeps everyone to a pace; nil where nobody is counted.
    package var limiter: RateLimiter?
    /// What can be done about the configuration; nil where there is none to be looked after.
    package var configuration: ConfigurationCapabilities?
    package var receiveUpload: ReceiveUpload
    package var submitTask: SubmitVideoTask
    package var previewTask: PreviewVideoTask
    package var listTasks: ListVideoTasks
    package var getTask: GetVideoTask
    package var renameTask: RenameVideoTask
    package var cancelTask: CancelVideoTask
    package var resumeTask: ResumeVideoTask
    package var deleteTask: DeleteVideoTask
    package var getTranscript: GetTranscript
    package var getClip: GetClip
    package var getArchive: GetClipArchive
    package var archiver: any Archiver
    package var feed: TaskFeed
    package var listJobs: ListJobs
    package var getJob: GetJob
    package var retryJob: RetryJob
    package var getStatistics: GetStatistics
    package var health: HealthCapabilities
    package var catalog: any CaptionCatalog
    package var webhooks: WebhookCapabilities
    /// The SHA-256 of a body, by which a repeated request is recognised.
    package var digest: @Sendable ([UInt8]) -> ContentHash
    package var listUpstreams: ListUpstreams
    /// By what the server tells of itself.
    package var signals = Signals()
    /// What can be asked about the log.
    package var logs = LogCapabilities()
    package var components: ComponentCapabilities
    /// What can be known of alerts; nil where nobody watches.
    package var alerts: AlertCapabilities?
    /// Tells how often what went wrong; nil where nobody counts.
    package var errors: ErrorCapabilities?
    /// What is seen and done about abuse; nil where nobody looks.
    package var security: SecurityCapabilities?

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
        listUpstreams: ListUpstreams = ListUpstreams(), components: ComponentCapabilities
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
        self.components = components
    }
}

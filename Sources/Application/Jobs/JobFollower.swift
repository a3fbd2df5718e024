public import Domain

/// Draws the consequences of what happens to jobs of one kind for the things they are about, in the very unit
/// of work in which it happens.
///
/// A job can be called off while it waits and given up when its workers are lost, without its handler ever
/// hearing of it; its follower does.
public protocol JobFollower: Sendable {
    /// The kind of jobs that it follows.
    var kind: String { get }
    /// Draws the consequences.
    ///
    /// - Parameter job: The job after what happened to it, already in the store.
    func follow(_ event: JobEvent, of job: Job, in writer: any StoreWriter, at now: Timestamp) throws
}

/// Something that happened to a job.
public struct JobChange: Hashable, Sendable {
    /// The job after it.
    public let job: Job
    /// What happened.
    public let event: JobEvent

    /// Something that happened to a job.
    public init(job: Job, event: JobEvent) {
        self.job = job
        self.event = event
    }
}

/// The followers of all kinds of jobs.
public struct JobFollowers: Sendable {
    private let followers: [any JobFollower]

    /// These followers.
    public init(_ followers: [any JobFollower] = []) {
        self.followers = followers
    }

    /// Stores what became of a job and draws the consequences.
    func keep(_ change: JobChange, in writer: any StoreWriter, at now: Timestamp) throws {
        try writer.jobWriter.update(change.job)
        for follower in followers where follower.kind == change.job.kind {
            try follower.follow(change.event, of: change.job, in: writer, at: now)
        }
    }
}

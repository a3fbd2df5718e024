public import Domain

/// Shows one job.
public struct GetJob: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// The job.
    ///
    /// - Throws: ``NotFound/job``.
    public func callAsFunction(_ id: Identifier<Job>) throws -> Job {
        guard let job = try store.read({ try $0.jobs.find(id) }) else { throw NotFound.job }
        return job
    }
}

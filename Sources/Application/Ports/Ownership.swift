public import Domain

/// Changes to whom things belong.
public protocol OwnershipWriter {
    /// Makes everything that was one user's another's: tasks, uploads, jobs that have ended included, and stored
    /// answers; the statistics of both follow.
    ///
    /// It makes no version of anything. Where both have an answer under the same key, that of `former` stays.
    ///
    /// - Returns: Whether anything was `former`'s.
    @discardableResult
    func handOver(everythingOf former: Identifier<User>, to heir: Identifier<User>) throws -> Bool
}

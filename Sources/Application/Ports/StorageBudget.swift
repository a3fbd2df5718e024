/// Knows how much room is left, and keeps some of it for what has begun.
public protocol StorageBudget: Sendable {
    /// Refuses new work while there is too little room left for it.
    ///
    /// - Throws: ``PortError/full(_:)``.
    func requireRoom() throws(PortError)
}

public import Domain

/// Knows which processes that run jobs are alive, so that the jobs of a dead one are rescued at once.
public protocol OwnerRegistry: Sendable {
    /// Makes an owner known as alive, until its presence is let go or its process ends in whatever way.
    func enter(_ owner: Identifier<JobOwner>) throws -> any OwnerPresence
    /// Whether that owner is surely gone; one that was never known counts as gone.
    func isGone(_ owner: Identifier<JobOwner>) throws -> Bool
}

/// Keeps an owner known as alive for as long as it is held.
public protocol OwnerPresence: AnyObject, Sendable {}

/// Calls something again and again from a thread of its own, which no other work delays.
public protocol Pacemaker: Sendable {
    /// Calls `beat` every `interval` until the heartbeat is let go. A beat may block.
    func start(every interval: Duration, _ beat: @escaping @Sendable () -> Void) -> any Heartbeat
}

/// Keeps a beat going for as long as it is held.
public protocol Heartbeat: AnyObject, Sendable {}

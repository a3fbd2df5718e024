public import Domain

/// A part of the program: what it says about itself, how it is started, and how well it is.
public struct Component: Sendable {
    /// What it says about itself.
    public let description: ComponentDescription
    /// Whether it can be stopped and started again while the program runs.
    public let isRestartable: Bool
    /// Finds out how well it is while it is up; nil for one of which nothing is known but whether it runs.
    public let health: (@Sendable () async -> ComponentHealth?)?
    /// Makes it ready to be used, and hands over what runs then.
    let start: @Sendable (ComponentRunner) async throws -> RunningComponent

    /// A part.
    ///
    /// - Parameters:
    ///   - isRestartable: Whether it can be stopped and started again while the program runs.
    ///   - health: Finds out how well it is while it is up.
    ///   - start: Makes it ready to be used. It is cancelled when it takes too long, and may ask the runner for lazy
    ///     parts.
    public init(
        _ description: ComponentDescription, isRestartable: Bool = true,
        health: (@Sendable () async -> ComponentHealth?)? = nil,
        start: @escaping @Sendable (ComponentRunner) async throws -> RunningComponent
    ) {
        self.description = description
        self.isRestartable = isRestartable
        self.health = health
        self.start = start
    }
}

/// What runs of a part once it is ready: what it does by itself, and how it is ended.
///
/// It is made anew by each start, so that a restart begins with nothing of what was before.
public struct RunningComponent: Sendable {
    /// What a part does by itself.
    public enum Work: Sendable {
        /// Nothing: it is used by others.
        case none
        /// Something that comes to an end, after which the part stays up.
        case once(@Sendable () async throws -> Void)
        /// Something that goes on until it is stopped or its task cancelled; its end before that is a fault.
        case endless(@Sendable () async throws -> Void)
    }

    let work: Work
    let grace: Duration
    let inFlight: @Sendable () -> Int
    let stop: (@Sendable () async -> Void)?

    /// What runs of a part.
    ///
    /// - Parameters:
    ///   - work: What it does by itself.
    ///   - grace: How long it may take to stop before its work is cancelled.
    ///   - inFlight: How many things it is at which it would finish before it stops.
    ///   - stop: Has it take nothing new and end; it is waited for, and so is the work. Nil for one whose work is
    ///     ended by its cancellation.
    public init(
        work: Work = .none, grace: Duration = .seconds(5), inFlight: @escaping @Sendable () -> Int = { 0 },
        stop: (@Sendable () async -> Void)? = nil
    ) {
        self.work = work
        self.grace = grace
        self.inFlight = inFlight
        self.stop = stop
    }
}

/// A part without which the program cannot go on could not be started, or failed for good.
public struct ComponentFailure: Error, CustomStringConvertible {
    /// The part to blame.
    public let component: ComponentName
    /// What happened to it.
    public let fault: ComponentFault
    /// What it has thrown, where it has.
    public let cause: (any Error)?

    /// One line that names the part and the cause.
    public var description: String { "\(component): \(fault.reason)" }
}

/// What a runner tells of its parts.
public enum ComponentNotice: Hashable, Sendable {
    /// A part stands elsewhere.
    case changed(ComponentName, ComponentState)
    /// A part that failed is started again at that moment.
    case restartPlanned(ComponentName, at: Timestamp)
    /// A part has failed too often in a row, and is left alone.
    case givenUp(ComponentName)
    /// The end has begun: no part takes new work; so many things are under way.
    case draining(inFlight: Int)
    /// The end goes on: these parts have not stopped yet, and so many things are under way.
    case waiting(for: [ComponentName], inFlight: Int)
    /// A part did not stop in time, and is left behind.
    case abandoned(ComponentName)
}

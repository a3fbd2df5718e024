/// Why a part does not run.
public struct ComponentFault: Hashable, Sendable {
    /// What kind of fault it is.
    public enum Kind: String, CaseIterable, Sendable {
        /// Its start failed.
        case startFailed = "start_failed"
        /// Its start took longer than it may.
        case startTimedOut = "start_timed_out"
        /// It ended or failed by itself while it ran.
        case ended
        /// Something that it requires does not run.
        case blocked
    }

    /// What kind of fault it is.
    public let kind: Kind
    /// What happened, for people.
    public let reason: String
    /// The part that is to blame, where it is another one.
    public let becauseOf: ComponentName?

    /// A fault.
    public init(_ kind: Kind, reason: String, becauseOf: ComponentName? = nil) {
        self.kind = kind
        self.reason = reason
        self.becauseOf = becauseOf
    }
}

/// Where a part stands.
public enum ComponentState: Hashable, Sendable {
    /// It is known, and was not started yet.
    case registered
    /// It is being started.
    case initializing
    /// It does all that it should.
    case running
    /// It runs without something that it would like to use; because of these parts, which are not there.
    case degraded(because: [ComponentName])
    /// It is being stopped.
    case stopping
    /// It was stopped.
    case stopped
    /// It does not run, and should.
    case error(ComponentFault)

    /// Its name alone.
    public enum Name: String, CaseIterable, Sendable {
        /// It is known, and was not started yet.
        case registered
        /// It is being started.
        case initializing
        /// It does all that it should.
        case running
        /// It runs without something that it would like to use.
        case degraded
        /// It is being stopped.
        case stopping
        /// It was stopped.
        case stopped
        /// It does not run, and should.
        case error
    }

    /// Its name alone.
    public var name: Name {
        switch self {
        case .registered: .registered
        case .initializing: .initializing
        case .running: .running
        case .degraded: .degraded
        case .stopping: .stopping
        case .stopped: .stopped
        case .error: .error
        }
    }

    /// Whether others can use it.
    public var isUp: Bool {
        switch self {
        case .running, .degraded: true
        case .registered, .initializing, .stopping, .stopped, .error: false
        }
    }
}

/// What happens to a part.
public enum ComponentEvent: Hashable, Sendable {
    /// Its start begins.
    case begun
    /// It can be used, but for these parts that it misses.
    case readied(missing: [ComponentName])
    /// It misses these parts from now on; none when all are there again.
    case missed([ComponentName])
    /// It does not run.
    case failed(ComponentFault)
    /// It is asked to stop.
    case stopRequested
    /// It has stopped.
    case stopped

    /// Its name, for people.
    public var name: String {
        switch self {
        case .begun: "begun"
        case .readied: "readied"
        case .missed: "missed"
        case .failed: "failed"
        case .stopRequested: "stop requested"
        case .stopped: "stopped"
        }
    }
}

/// Something cannot happen to a part where it stands.
public struct ComponentTransitionError: CodedError, Equatable {
    /// Where it stands.
    public let state: ComponentState.Name
    /// What cannot happen there.
    public let event: String

    /// The stable code.
    public var code: String { "component_transition" }
    /// What cannot be.
    public var explanation: String { "A component that is \(state.rawValue) cannot be \(event)." }
}

/// The life of one part, from state to state; its state changes in no other way.
public struct ComponentLifecycle: Hashable, Sendable {
    /// Where it stands.
    public private(set) var state = ComponentState.registered
    /// Since when.
    public private(set) var since: Timestamp
    /// How often it was started after the first time.
    public private(set) var restarts = 0
    /// How long its last start took, once one has succeeded.
    public private(set) var startTime: Duration?
    /// When it came up, while it is up.
    public private(set) var upSince: Timestamp?
    /// Its latest fault, which is kept when it runs again.
    public private(set) var lastFault: ComponentFault?
    private var starts = 0

    /// The life of a part that is known from now on.
    public init(at now: Timestamp) {
        since = now
    }

    /// Something happens to it.
    ///
    /// - Returns: Whether it stands elsewhere now.
    /// - Throws: ``ComponentTransitionError`` when it cannot happen where it stands; nothing has changed then.
    @discardableResult
    public mutating func handle(
        _ event: ComponentEvent, at now: Timestamp
    ) throws(ComponentTransitionError) -> Bool {
        let next = try following(event)
        guard next != state else { return false }
        switch event {
        case .begun:
            starts += 1
            restarts = starts - 1
        case .readied:
            startTime = now - since
            upSince = now
        case .failed(let fault):
            lastFault = fault
            upSince = nil
        case .stopRequested: upSince = nil
        case .missed, .stopped: break
        }
        state = next
        since = now
        return true
    }

    private func following(_ event: ComponentEvent) throws(ComponentTransitionError) -> ComponentState {
        switch (state, event) {
        case (.registered, .begun), (.stopped, .begun), (.error, .begun): .initializing
        case (.initializing, .readied(let missing)): Self.up(missing)
        case (.running, .missed(let missing)), (.degraded, .missed(let missing)): Self.up(missing)
        // Something that was not begun can only be kept from it by another part.
        case (.registered, .failed(let fault)) where fault.kind == .blocked,
            (.stopped, .failed(let fault)) where fault.kind == .blocked,
            (.error, .failed(let fault)) where fault.kind == .blocked:
            .error(fault)
        case (.initializing, .failed(let fault)), (.running, .failed(let fault)),
            (.degraded, .failed(let fault)):
            .error(fault)
        case (.initializing, .stopRequested), (.running, .stopRequested), (.degraded, .stopRequested):
            .stopping
        // There is nothing to be stopped.
        case (.registered, .stopped), (.error, .stopped), (.stopping, .stopped): .stopped
        default: throw refusal(of: event)
        }
    }

    private func refusal(of event: ComponentEvent) -> ComponentTransitionError {
        ComponentTransitionError(state: state.name, event: event.name)
    }

    private static func up(_ missing: [ComponentName]) -> ComponentState {
        missing.isEmpty ? .running : .degraded(because: missing)
    }
}

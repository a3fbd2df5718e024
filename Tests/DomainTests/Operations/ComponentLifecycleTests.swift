import Domain
import Testing

@Suite("The life of a component")
struct ComponentLifecycleTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)
    private static let fault = ComponentFault(.startFailed, reason: "no disk")
    private static let blocked = ComponentFault(
        .blocked, reason: "store does not run", becauseOf: ComponentName(known: "store"))
    private static let feed = ComponentName(known: "feed")

    /// How to get to each state from the first one.
    private static let ways: [ComponentState.Name: [ComponentEvent]] = [
        .registered: [], .initializing: [.begun], .running: [.begun, .readied(missing: [])],
        .degraded: [.begun, .readied(missing: [feed])],
        .stopping: [.begun, .readied(missing: []), .stopRequested],
        .stopped: [.stopped], .error: [.begun, .failed(fault)],
    ]

    /// What follows from each event in each state; everything else is refused.
    private static let table: [ComponentState.Name: [String: ComponentState.Name]] = [
        .registered: ["begun": .initializing, "blocked": .error, "stopped": .stopped],
        .initializing: ["readied": .running, "failed": .error, "blocked": .error, "stop": .stopping],
        .running: [
            "missed": .degraded, "regained": .running, "failed": .error, "blocked": .error, "stop": .stopping,
        ],
        .degraded: [
            "missed": .degraded, "regained": .running, "failed": .error, "blocked": .error, "stop": .stopping,
        ],
        .stopping: ["stopped": .stopped],
        .stopped: ["begun": .initializing, "blocked": .error],
        .error: ["begun": .initializing, "blocked": .error, "stopped": .stopped],
    ]

    private static let events: [String: ComponentEvent] = [
        "begun": .begun, "readied": .readied(missing: []), "missed": .missed([feed]),
        "regained": .missed([]), "failed": .failed(fault), "blocked": .failed(blocked),
        "stop": .stopRequested, "stopped": .stopped,
    ]

    @Test("O24: every event in every state leads where the table says, or is refused and changes nothing")
    func transitions() throws {
        for state in ComponentState.Name.allCases {
            for (name, event) in Self.events {
                var life = ComponentLifecycle(at: Self.now)
                for step in try #require(Self.ways[state]) { try life.handle(step, at: Self.now) }
                #expect(life.state.name == state)
                let before = life
                if let next = Self.table[state]?[name] {
                    try life.handle(event, at: Self.now + .seconds(1))
                    #expect(life.state.name == next, "\(name) in \(state)")
                } else {
                    let error = #expect(throws: ComponentTransitionError.self, "\(name) in \(state)") {
                        try life.handle(event, at: Self.now)
                    }
                    #expect(error?.state == state)
                    #expect(life == before)
                }
            }
        }
    }

    @Test("O26: restarts, the time of the last start and the last fault are kept")
    func memory() throws {
        var life = ComponentLifecycle(at: Self.now)
        try life.handle(.begun, at: Self.now)
        try life.handle(.readied(missing: []), at: Self.now + .milliseconds(40))
        #expect(life.startTime == .milliseconds(40) && life.restarts == 0)
        let hasChanged = try life.handle(.missed([]), at: Self.now + .seconds(9))
        #expect(!hasChanged)
        #expect(life.since == Self.now + .milliseconds(40))
        try life.handle(
            .failed(ComponentFault(.ended, reason: "gone")), at: Self.now + .seconds(10))
        #expect(life.upSince == nil)
        try life.handle(.begun, at: Self.now + .seconds(11))
        try life.handle(.readied(missing: [Self.feed]), at: Self.now + .seconds(12))
        #expect(life.state == .degraded(because: [Self.feed]) && life.state.isUp)
        #expect(life.restarts == 1 && life.lastFault?.reason == "gone")
        #expect(life.upSince == Self.now + .seconds(12))
    }
}

@Suite("Restarting what fails")
struct RestartPolicyTests {
    private let now = Timestamp(milliseconds: 0)

    @Test("O26: pauses double from a second to five minutes, and ten restarts in a row are the limit")
    func pauses() {
        var history = RestartHistory()
        var pauses: [Int64] = []
        while case .restart(let moment) = history.failed(after: .seconds(599), at: now, policy: .ordinary) {
            pauses.append(moment.milliseconds / 1000)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300])
    }

    @Test("O26: ten good minutes make all forgotten")
    func forgiven() {
        var history = RestartHistory()
        for _ in 0..<10 { _ = history.failed(after: .zero, at: now, policy: .ordinary) }
        let decision = history.failed(after: .seconds(600), at: now, policy: .ordinary)
        #expect(decision == .restart(at: now + .seconds(1)))
    }

    @Test("O22: what is used softly is tried without an end")
    func endless() {
        var history = RestartHistory()
        for _ in 0..<1000 { _ = history.failed(after: .zero, at: now, policy: .endless) }
        let decision = history.failed(after: .zero, at: now, policy: .endless)
        #expect(decision == .restart(at: now + .seconds(300)))
    }
}

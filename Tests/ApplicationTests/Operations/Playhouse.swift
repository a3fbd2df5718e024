import Application
import Domain
import Synchronization

/// Parts whose starts and ends a test decides, and everything that happens to them.
final class Playhouse: Sendable {
    let clock = InMemoryClock()
    private let journal = Mutex<[String]>([])
    private let told: AsyncStream<ComponentNotice>
    private let telling: AsyncStream<ComponentNotice>.Continuation

    init() {
        (told, telling) = AsyncStream.makeStream()
    }

    /// What happened so far, such as `start store`, `up store`, `stop store`, `down store`.
    var happened: [String] { journal.withLock { $0 } }

    func note(_ line: String) {
        journal.withLock { $0.append(line) }
    }

    /// A part that says in the journal when it starts and stops.
    ///
    /// - Parameters:
    ///   - start: What its start does.
    ///   - stop: What its end does.
    func part(
        _ name: String, _ needs: [ComponentDependency] = [], isCritical: Bool = false,
        activation: ComponentDescription.Activation = .eager, deadline: Duration = .seconds(30),
        isRestartable: Bool = true, work: RunningComponent.Work = .none, grace: Duration = .seconds(5),
        inFlight: Int = 0, start: @escaping @Sendable () async throws -> Void = {},
        stop: @escaping @Sendable () async -> Void = {}
    ) -> Component {
        Component(
            ComponentDescription(
                ComponentName(name)!, version: "1", summary: "The \(name).", dependencies: needs,
                isCritical: isCritical, activation: activation, startDeadline: deadline),
            isRestartable: isRestartable
        ) { _ in
            self.note("start \(name)")
            try await start()
            self.note("up \(name)")
            return RunningComponent(work: work, grace: grace, inFlight: { inFlight }) {
                self.note("stop \(name)")
                await stop()
                self.note("down \(name)")
            }
        }
    }

    func runner(
        _ parts: [Component], limits: ComponentRunner.Limits = ComponentRunner.Limits()
    ) throws -> ComponentRunner {
        try ComponentRunner(parts, limits: limits, clock: clock) { [telling] in telling.yield($0) }
    }

    /// Waits for a notice; those before it are passed over.
    func see(_ isIt: (ComponentNotice) -> Bool) async {
        for await notice in told where isIt(notice) { return }
    }

    /// Waits until a part stands somewhere.
    func see(_ name: String, _ state: ComponentState.Name) async {
        await see { notice in
            guard case .changed(let who, let next) = notice else { return false }
            return who.text == name && next.name == state
        }
    }
}

extension ComponentDependency {
    static func required(_ name: String) -> Self { Self(ComponentName(name)!, .required) }
    static func optional(_ name: String) -> Self { Self(ComponentName(name)!, .optional) }
    static func soft(_ name: String) -> Self { Self(ComponentName(name)!, .soft) }
}

extension ComponentRunner {
    /// Where a part stands.
    func state(_ name: String) -> ComponentState? { status(of: ComponentName(name)!)?.lifecycle.state }

    /// The names of where all parts stand.
    var states: [String: ComponentState.Name] {
        Dictionary(uniqueKeysWithValues: statuses.map { ($0.description.name.text, $0.lifecycle.state.name) })
    }
}

/// What goes wrong in a test.
struct Mishap: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Waits for its cancellation.
func forever() async throws {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    for await _ in stream {}
    continuation.finish()
    try Task.checkCancellation()
}

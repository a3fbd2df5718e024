import Application
import Domain
import Infrastructure

/// A run of the program that goes on until someone asks for its end.
struct ServiceRun: Sendable {
    /// Why a run comes to its end.
    private enum Ending: Sendable {
        case asked(Interruption?)
        case failed(ComponentFailure?)
    }

    /// The start waits for a store that is brought to a newer schema; each part has a deadline of its own.
    private static let limits = ComponentRunner.Limits(start: .seconds(3600))

    private let clock = SystemClock()
    private let log: any Log

    /// A run that tells of itself.
    init(_ telemetry: Telemetry) {
        log = telemetry.loggers.named("components")
    }

    /// Runs parts of the program until someone asks for the end, or one fails for good without which it cannot go on.
    ///
    /// Then running jobs are handed back, requests finish, and the store is closed.
    ///
    /// - Parameter started: Is called once everything runs.
    /// - Throws: ``CommandFailure``, which names the part to blame.
    func run(
        _ components: [Component], until requests: AsyncStream<Interruption>,
        started: @escaping @Sendable () throws -> Void
    ) async throws -> ExitStatus {
        let critical = Set(components.filter(\.description.isCritical).map(\.description.name))
        let runner = try ComponentRunner(components, limits: Self.limits, clock: clock) { [log] notice in
            log.write(notice, critical: critical)
        }
        let ending: Ending
        do {
            ending = try await self.ending(of: runner, requests, started: started)
        } catch let failure as ComponentFailure {
            throw CommandFailure(failure)
        } catch {
            await runner.stop()
            throw error
        }
        switch ending {
        case .asked(let request):
            log.write(.info, "stopping")
            await runner.stop()
            log.write(.info, "stopped")
            return request?.status ?? .failed
        case .failed(let failure):
            await runner.stop()
            if let failure { throw CommandFailure(failure) }
            return .failed
        }
    }

    private func ending(
        of runner: ComponentRunner, _ requests: AsyncStream<Interruption>,
        started: @escaping @Sendable () throws -> Void
    ) async throws -> Ending {
        try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask {
                for await request in requests { return .asked(request) }
                return .asked(nil)
            }
            group.addTask {
                try await runner.start()
                try started()
                return .failed(await runner.failure())
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .asked(nil)
        }
    }
}

extension CommandFailure {
    /// The line that names the part to blame, and what it said.
    fileprivate init(_ failure: ComponentFailure) {
        switch failure.cause {
        case let cause as CommandFailure:
            self.init(line: "\(failure.component): \(cause.line)", status: cause.status)
        case let cause as ConfigurationError:
            self.init(line: "\(failure.component): \(cause.description)", status: .wrongUsage)
        case let cause as any CodedError:
            self.init(line: "\(failure.component): \(cause.explanation)")
        default: self.init(line: failure.description)
        }
    }
}

extension Log {
    /// Tells what happens to the parts of the program.
    ///
    /// - Parameter critical: Those whose end the program's last line tells of.
    fileprivate func write(_ notice: ComponentNotice, critical: Set<ComponentName>) {
        switch notice {
        case .changed(let name, .error(let fault)):
            let level: LogLevel = critical.contains(name) || fault.kind == .blocked ? .debug : .warning
            write(
                level, "component failed",
                [
                    "component": .text(name.text), "code": .text(fault.kind.rawValue),
                    "reason": .text(fault.reason),
                ])
        case .changed(let name, .degraded(let names)):
            let because = names.map(\.text).joined(separator: ", ")
            write(
                .warning, "component degraded",
                ["component": .text(name.text), "because_of": .text(because)])
        case .changed(let name, let state):
            write(
                .debug, "component changed",
                ["component": .text(name.text), "state": .text(state.name.rawValue)])
        case .restartPlanned(let name, let moment):
            write(
                .warning, "component restarts",
                ["component": .text(name.text), "at": .integer(moment.milliseconds)])
        case .givenUp(let name): write(.error, "component given up", ["component": .text(name.text)])
        case .draining(let count):
            write(count > 0 ? .info : .debug, "draining", ["in_flight": .integer(Int64(count))])
        case .waiting(let names, let count):
            let components = names.map(\.text).joined(separator: ", ")
            write(
                .info, "still stopping",
                ["components": .text(components), "in_flight": .integer(Int64(count))])
        case .abandoned(let name): write(.warning, "component left behind", ["component": .text(name.text)])
        }
    }
}

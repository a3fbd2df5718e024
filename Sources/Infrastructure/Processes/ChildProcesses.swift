import Application
import Glibc
import Synchronization

/// Runs programs as child processes.
///
/// One thread that never ends starts them all and waits for them all: Linux delivers a child's parent-death
/// signal when the *thread* that started it ends, and the cooperative pool has no thread to spare for waiting.
/// Each child leads a process group of its own, which is killed as a whole: when the calling task is
/// cancelled, when a limit is passed, and when the child itself ends, so that nothing that it started outlives
/// it. With util-linux on the machine children also die with this process; what they had started themselves
/// may outlive them then, and is found by ``endPrograms(markedBy:)``.
package final class ChildProcesses: Sendable {
    /// Takes the bytes of one of a child's outputs as they come.
    ///
    /// It is called on the thread that serves all children, so it must be quick and must not wait.
    package typealias Listener = @Sendable (UnsafeRawBufferPointer) -> Void

    /// The one runner of this process.
    package static let shared = ChildProcesses()

    private let reactor: ChildReactor
    private let mark = Mutex<String?>(nil)

    private init() {
        reactor = ChildReactor()
    }

    /// Has every child from now on, and all that it starts, carry `name` in its environment.
    package func markPrograms(by name: String) {
        mark.withLock { $0 = name }
    }

    /// Runs `program` to its end.
    ///
    /// - Parameters:
    ///   - program: What to run.
    ///   - onOutput: Takes its standard output; without one it is collected.
    ///   - onComplaint: Takes its standard error; its tail is kept either way.
    /// - Returns: How it ended and what it wrote.
    /// - Throws: ``ChildProcessError``, or `CancellationError` when the task was cancelled; the whole process
    ///   group is dead by then.
    package func run(
        _ program: ChildProgram, onOutput: Listener? = nil, onComplaint: Listener? = nil
    ) async throws -> ChildResult {
        try await Signals.program(program.name, succeeded: { (result: ChildResult) in result.succeeded }) {
            try await start(program, onOutput: onOutput, onComplaint: onComplaint)
        }
    }

    private func start(
        _ program: ChildProgram, onOutput: Listener?, onComplaint: Listener?
    ) async throws -> ChildResult {
        let ticket = ChildTicket()
        let mark = mark.withLock { $0 }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                reactor.post(
                    .start(
                        ChildOrder(
                            ticket: ticket, program: program, mark: mark, onOutput: onOutput,
                            onComplaint: onComplaint, answer: continuation)))
            }
        } onCancel: {
            ticket.cancelled.store(true, ordering: .sequentiallyConsistent)
            reactor.post(.cancel(ticket))
        }
    }

    /// Whether children that need no network are really kept off it on this machine.
    package func isolatesNetwork() -> Bool {
        ProgramPrefix.ofThisMachine.isolatesNetwork
    }

    /// The absolute path of a program, nil when `PATH` does not have it.
    package static func find(_ name: String) -> String? {
        if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        for folder in path.split(separator: ":") {
            let candidate = "\(folder)/\(name)"
            if access(candidate, X_OK) == 0 { return candidate }
        }
        return nil
    }
}

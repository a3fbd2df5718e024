package import Domain
internal import Synchronization

/// For whom and for what something is done: lines of the log and spans are found again by it.
///
/// It goes along with a task and with all that the task starts, without being handed on.
package final class WorkContext: Sendable {
    /// What the current task works for; nil for the server's own housekeeping.
    @TaskLocal package static var current: WorkContext?

    /// Who it is done for, which is found out on the way; one for all that belongs to the same work.
    private final class Person: Sendable {
        let user: Mutex<Identifier<User>?>

        init(_ user: Identifier<User>?) {
            self.user = Mutex(user)
        }
    }

    /// Counts and records.
    package let signals: Signals
    /// What the request is called; nil for a job.
    package let requestID: String?
    /// The job; nil for a request.
    package let job: Identifier<Job>?
    /// The task that it is about, where that is known.
    package let task: Identifier<VideoTask>?
    /// Its place in a trace.
    package let trace: TracePosition?
    /// What is recorded of it; nil while its trace is not.
    package let span: TraceSpan?
    private let person: Person

    private init(
        _ signals: Signals, requestID: String?, job: Identifier<Job>?, task: Identifier<VideoTask>?,
        trace: TracePosition?, span: TraceSpan?, person: Person
    ) {
        self.signals = signals
        self.requestID = requestID
        self.job = job
        self.task = task
        self.trace = trace
        self.span = span
        self.person = person
    }

    /// The work on a request.
    ///
    /// - Parameters:
    ///   - trace: The place of the request in its trace.
    ///   - parent: The span of the client that asks, where it names one.
    package convenience init(
        request id: String, task: Identifier<VideoTask>?, trace: TracePosition, under parent: UInt64?,
        signals: Signals
    ) {
        let span = trace.isSampled ? signals.tracer?.begin("request", .server, at: trace, under: parent) : nil
        self.init(
            signals, requestID: id, job: nil, task: task, trace: trace, span: span, person: Person(nil))
    }

    /// The work on a job.
    convenience init(_ job: Job, signals: Signals) {
        let carried = TracePosition(traceparent: job.arguments)
        let trace = signals.tracer.map { tracer in
            carried.map { tracer.child(of: $0) } ?? tracer.root()
        }
        var span: TraceSpan?
        if let tracer = signals.tracer, let trace, trace.isSampled {
            span = tracer.begin("job \(job.kind)", .consumer, at: trace, under: carried?.span)
        }
        self.init(
            signals, requestID: nil, job: job.id,
            task: job.kind == RunVideoTask.jobKind ? job.subject?.of(VideoTask.self) : nil,
            trace: trace ?? carried, span: span, person: Person(job.owner))
    }

    /// Who it is done for, once that is known.
    package var user: Identifier<User>? { person.user.withLock { $0 } }

    /// Notes who it is done for.
    package func note(user: Identifier<User>) {
        person.user.withLock { $0 = user }
    }

    /// What is written into a job, so that its spans join the trace; nothing for a trace that is not recorded.
    var carried: [UInt8] {
        guard let span else { return [] }
        return Array(span.position.traceparent.utf8)
    }

    /// Ends what is recorded of it.
    package func end() {
        if let span { signals.tracer?.end(span) }
    }

    private func part(_ name: String, _ kind: SpanKind) -> WorkContext? {
        guard let span, let tracer = signals.tracer else { return nil }
        let position = tracer.child(of: span.position)
        return WorkContext(
            signals, requestID: requestID, job: job, task: task, trace: position,
            span: tracer.begin(name, kind, at: position, under: span.position.span), person: person)
    }

    /// Does a part of the current work, as a span of its own where the trace is recorded.
    ///
    /// - Parameter name: What is done, in few and always the same words.
    package static func part<Value>(
        _ name: @autoclosure () -> String, _ kind: SpanKind = .internal, _ body: () async throws -> Value
    ) async throws -> Value {
        guard let current, current.span != nil, let part = current.part(name(), kind) else {
            return try await body()
        }
        defer { part.end() }
        return try await $current.withValue(part) {
            do { return try await body() } catch {
                part.span?.fail(Ending(error).code ?? "\(type(of: error))")
                throw error
            }
        }
    }

    /// The same for what does not wait.
    package static func part<Value>(
        _ name: @autoclosure () -> String, _ body: () throws -> Value
    ) throws -> Value {
        guard let current, current.span != nil, let part = current.part(name(), .internal) else {
            return try body()
        }
        defer { part.end() }
        return try $current.withValue(part) {
            do { return try body() } catch {
                part.span?.fail(Ending(error).code ?? "\(type(of: error))")
                throw error
            }
        }
    }
}

/// How a piece of work ended, for metrics and traces.
enum Ending: Equatable {
    /// It was done.
    case done
    /// A rule forbade it.
    case refused(code: String)
    /// Nobody wanted it any more.
    case cancelled
    /// Something went wrong.
    case failed

    /// How a piece of work ended that threw.
    init(_ error: any Error) {
        switch error {
        case is CancellationError, PortError.cancelled: self = .cancelled
        case is PortError: self = .failed
        case let error as any CodedError: self = .refused(code: error.code)
        default: self = .failed
        }
    }

    /// The code of the rule that forbade it.
    var code: String? { if case .refused(let code) = self { code } else { nil } }

    /// All that there are, as metrics call them.
    static let names = ["done", "refused", "cancelled", "failed"]

    /// Its place in ``names``.
    var place: Int {
        switch self {
        case .done: 0
        case .refused: 1
        case .cancelled: 2
        case .failed: 3
        }
    }
}

internal import Synchronization

/// What part a span has in an exchange, by OpenTelemetry's numbers.
package enum SpanKind: Int, Sendable {
    /// Work within the program.
    case `internal` = 1
    /// Answering someone else's request.
    case server = 2
    /// Asking another program.
    case client = 3
    /// Handing something on, to be done later.
    case producer = 4
    /// Doing what was handed on.
    case consumer = 5
}

/// A piece of work while it lasts, as its trace will show it.
package final class TraceSpan: Sendable {
    private struct State {
        var name: String
        var attributes: [LogField] = []
        var failure: String?
    }

    /// Where it stands in its trace.
    package let position: TracePosition
    private let parent: UInt64?
    private let kind: SpanKind
    private let startedAt: Int64
    private let state: Mutex<State>

    init(
        _ name: String, _ kind: SpanKind, at position: TracePosition, under parent: UInt64?, since now: Int64
    ) {
        self.position = position
        self.parent = parent
        self.kind = kind
        startedAt = now
        state = Mutex(State(name: name))
    }

    /// Names the work once it is known what it is.
    package func rename(_ name: String) {
        state.withLock { $0.name = name }
    }

    /// Says something about the work, by OpenTelemetry's names where it has one.
    package func note(_ name: String, _ value: LogField.Value) {
        state.withLock { $0.attributes.append(LogField(name: name, value: value)) }
    }

    /// Says that the work failed, and how: the code of a refusal, or the kind of an error.
    package func fail(_ reason: String) {
        state.withLock { $0.failure = reason }
    }

    func finished(at now: Int64) -> FinishedSpan {
        let state = state.withLock { $0 }
        return FinishedSpan(
            position: position, parent: parent, name: state.name, kind: kind, startedAt: startedAt,
            // The clock of the machine may be set back.
            endedAt: max(startedAt, now), attributes: state.attributes, failure: state.failure)
    }
}

/// A piece of work that has ended.
package struct FinishedSpan: Sendable {
    /// Where it stands in its trace.
    package let position: TracePosition
    /// The span that it is a part of; nil for the first of a trace.
    package let parent: UInt64?
    /// What was done.
    package let name: String
    /// What part it had in an exchange.
    package let kind: SpanKind
    /// When it began, in nanoseconds since 1970.
    package let startedAt: Int64
    /// When it ended, in nanoseconds since 1970.
    package let endedAt: Int64
    /// What else there is to say.
    package let attributes: [LogField]
    /// Why it failed; nil when it did not.
    package let failure: String?
}

/// Takes spans that have ended, at once and from any thread, to hand them on later.
package protocol SpanSink: Sendable {
    /// Takes a span; one for which there is no room is counted and lost.
    func take(_ span: FinishedSpan)
}

/// Decides which traces are recorded, and begins and ends their spans.
package struct Tracer: Sendable {
    private let threshold: UInt64
    private let random: any RandomSource
    private let now: @Sendable () -> Int64
    private let sink: any SpanSink

    /// A tracer.
    ///
    /// - Parameters:
    ///   - share: How many of the traces that begin here are recorded, 0–1; those that others began are when they are
    ///     there.
    ///   - now: Nanoseconds since 1970.
    package init(
        share: Double, random: any RandomSource, now: @escaping @Sendable () -> Int64, sink: any SpanSink
    ) {
        threshold = share >= 1 ? 1 << 63 : UInt64(max(0, share) * 0x1p63)
        self.random = random
        self.now = now
        self.sink = sink
    }

    /// Whether a trace that begins here is recorded: the same decision in all programs with the same share, as
    /// OpenTelemetry's `TraceIdRatioBased` makes it.
    package func samples(low: UInt64) -> Bool { low & (1 << 63 - 1) < threshold }

    /// A trace that begins here.
    func root() -> TracePosition {
        let (high, low) = (random.next(), random.next() | 1)
        return TracePosition(high: high, low: low, span: identifier(), isSampled: samples(low: low))
    }

    /// A place below another one.
    func child(of parent: TracePosition) -> TracePosition {
        TracePosition(
            high: parent.high, low: parent.low, span: identifier(), isSampled: parent.isSampled)
    }

    /// Begins a span.
    func begin(_ name: String, _ kind: SpanKind, at position: TracePosition, under parent: UInt64?)
        -> TraceSpan
    {
        TraceSpan(name, kind, at: position, under: parent, since: now())
    }

    /// Ends a span.
    func end(_ span: TraceSpan) {
        sink.take(span.finished(at: now()))
    }

    /// An identifier of zeros stands for none.
    private func identifier() -> UInt64 { max(1, random.next()) }
}

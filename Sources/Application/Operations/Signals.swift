import Domain

/// By what the program tells of itself while it works: its metrics, and its traces where there is someone to send
/// them to.
package final class Signals: Sendable {
    /// Counts and measures.
    package let metrics: Metrics
    /// Records traces; nil where nobody wants them.
    package let tracer: Tracer?
    private let useCases: [UseCaseMeter]

    /// The signals of a process.
    package init(metrics: Metrics = Metrics(), tracer: Tracer? = nil) {
        self.metrics = metrics
        self.tracer = tracer
        useCases = UseCase.allCases.map { UseCaseMeter($0, metrics) }
    }

    func meter(of useCase: UseCase) -> UseCaseMeter { useCases[useCase.rawValue] }

    /// Notes that a stage of a task ended well.
    func stageEnded(_ stage: Stage, after seconds: Double) {
        metrics.histogram(.stageDuration).with(stage.rawValue).observe(seconds)
    }

    /// Notes how long ffmpeg took for so many seconds of media.
    ///
    /// - Parameter work: What it did, in a word.
    package func ffmpegRan(_ work: String, over seconds: Double, for duration: Duration) {
        guard seconds > 0, duration > .zero else { return }
        metrics.histogram(.ffmpegSpeed).with(work).observe(seconds / duration.inSeconds)
    }

    /// Runs a child process, and notes how that went.
    ///
    /// - Parameter succeeded: Whether it did what it was to do.
    package static func program<Value>(
        _ name: String, succeeded: (Value) -> Bool, _ body: () async throws -> Value
    ) async throws -> Value {
        guard let metrics = WorkContext.current?.signals.metrics else { return try await body() }
        let name = name.split(separator: "/").last.map(String.init) ?? name
        let began = ContinuousClock.now
        func note(_ outcome: String) {
            metrics.counter(.programRuns).with(name, outcome).increment()
            metrics.histogram(.programDuration).with(name).observe(.now - began)
        }
        do {
            let value = try await WorkContext.part("run \(name)", .internal) {
                let value = try await body()
                if !succeeded(value) { WorkContext.current?.span?.fail("failed") }
                return value
            }
            note(succeeded(value) ? "done" : "failed")
            return value
        } catch {
            note(Ending(error) == .cancelled ? "cancelled" : "failed")
            throw error
        }
    }
}

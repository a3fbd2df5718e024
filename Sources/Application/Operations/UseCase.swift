/// The use cases whose runs are counted and timed, and shown in traces: those that people wait for.
package enum UseCase: Int, CaseIterable, Sendable {
    case submitVideoTask, previewVideoTask, getVideoTask, listVideoTasks, renameVideoTask, cancelVideoTask
    case resumeVideoTask, deleteVideoTask, receiveUpload, retryJob, signIn, refreshSession, registerUser

    /// What it is called in metrics and traces: the name of its type.
    package var name: String {
        let name = "\(self)"
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    /// Runs it.
    func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        guard let signals = WorkContext.current?.signals else { return try await body() }
        let meter = signals.meter(of: self)
        let began = ContinuousClock.now
        do {
            let value = try await WorkContext.part(name, .internal, body)
            meter.note(.done, after: .now - began)
            return value
        } catch {
            meter.note(Ending(error), after: .now - began)
            throw error
        }
    }

    /// Runs it, where it does not wait.
    func run<Value>(_ body: () throws -> Value) throws -> Value {
        guard let signals = WorkContext.current?.signals else { return try body() }
        let meter = signals.meter(of: self)
        let began = ContinuousClock.now
        do {
            let value = try WorkContext.part(name, body)
            meter.note(.done, after: .now - began)
            return value
        } catch {
            meter.note(Ending(error), after: .now - began)
            throw error
        }
    }
}

/// Counts and times the runs of one use case.
struct UseCaseMeter: Sendable {
    private let outcomes: [Counter]
    private let duration: Histogram

    init(_ useCase: UseCase, _ metrics: Metrics) {
        let runs = metrics.counter(.useCaseRuns)
        outcomes = Ending.names.map { runs.with(useCase.name, $0) }
        duration = metrics.histogram(.useCaseDuration).with(useCase.name)
    }

    func note(_ ending: Ending, after duration: Duration) {
        outcomes[ending.place].increment()
        self.duration.observe(duration)
    }
}

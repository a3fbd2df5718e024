public import Domain

extension ComponentRunner {
    /// Starts what starts with the program, each part the moment that those it waits for are ready.
    ///
    /// It returns when each of them is ready or has failed. Where one fails without which the program cannot go on,
    /// everything that was started is stopped in reverse.
    ///
    /// - Throws: ``ComponentFailure``; `CancellationError` when the calling task is cancelled, with nothing left
    ///   running either.
    public func start() async throws {
        let eager = graph.eager
        change { state in
            guard state.phase == .idle else { return }
            state.phase = .starting
            state.startDeadline = clock.now() + limits.start
            state.wanted.formUnion(eager)
        }
        await until { state in state.failure != nil || eager.allSatisfy(state.isSettled) }
        let failure = change { state in
            if state.failure == nil, !Task.isCancelled, state.phase == .starting { state.phase = .up }
            state.startDeadline = nil
            return state.failure
        }
        guard failure != nil || Task.isCancelled else { return }
        await stop()
        if let failure { throw failure }
        throw CancellationError()
    }

    /// Has a lazy part there, with what it waits for; however many ask for it, it is started once.
    ///
    /// - Throws: ``ComponentFailure`` when it cannot be started; it is started again later by itself.
    public func use(_ name: ComponentName) async throws {
        let awaited = graph.withAwaited([name])
        change { $0.wanted.formUnion(awaited) }
        await until { state in
            state.isSettled(name) || state.phase == .ending || state.phase == .ended
                || state.entries[name] == nil
        }
        try Task.checkCancellation()
        guard let failure = change({ $0.failure(of: name) }) else { return }
        throw failure
    }

    /// Waits until a part has failed for good without which the program cannot go on; nil when the calling task is
    /// cancelled before.
    public func failure() async -> ComponentFailure? {
        await until { $0.failure != nil }
        return change { $0.failure }
    }

    /// Begins the start of a part.
    func begin(_ name: ComponentName, in state: inout State) {
        guard note(.begun, of: name, in: &state), var entry = state.entries[name] else { return }
        entry.mayStart = false
        entry.run += 1
        let own = clock.now() + entry.component.description.startDeadline
        let deadline = state.startDeadline.map { min($0, own) } ?? own
        entry.start = Task { [run = entry.run, component = entry.component] in
            let outcome = await Contest.run(until: deadline, on: self.clock) {
                try await component.start(self)
            } forsaken: { running in
                // It came too late; nobody would ever stop it.
                _ = await self.end(running, nil, by: self.clock.now() + self.limits.stop)
            }
            await self.finishStart(of: name, run, outcome)
        }
        state.entries[name] = entry
    }

    private func finishStart(of name: ComponentName, _ run: Int, _ outcome: Contest<RunningComponent>) async {
        let unwanted = change { state -> RunningComponent? in
            let ready: RunningComponent?
            if case .ended(.success(let running)) = outcome { ready = running } else { ready = nil }
            guard var entry = state.entries[name], entry.run == run,
                entry.lifecycle.state == .initializing
            else { return ready }
            entry.start = nil
            state.entries[name] = entry
            switch outcome {
            case .ended(.success(let running)):
                state.entries[name]?.running = running
                state.entries[name]?.work = work(of: name, run, running)
                note(.readied(missing: missing(to: name, in: state)), of: name, in: &state)
            case .ended(.failure(let error)):
                fail(name, ComponentFault(.startFailed, reason: "\(error)"), cause: error, in: &state)
            case .late:
                let reason = "it was not ready in time"
                fail(name, ComponentFault(.startTimedOut, reason: reason), cause: nil, in: &state)
            }
            return nil
        }
        // Its end was asked for while it started.
        if let unwanted { _ = await end(unwanted, nil, by: clock.now() + limits.stop) }
    }

    /// What a part does by itself, until it ends.
    private func work(
        of name: ComponentName, _ run: Int, _ running: RunningComponent
    ) -> Task<Void, Never>? {
        switch running.work {
        case .none: nil
        case .once(let body):
            Task {
                do { try await body() } catch { self.workEnded(of: name, run, error) }
            }
        case .endless(let body):
            Task {
                do {
                    try await body()
                    self.workEnded(of: name, run, nil)
                } catch {
                    self.workEnded(of: name, run, error)
                }
            }
        }
    }
}

extension ComponentRunner.State {
    /// Why a part is not there; nil when it is.
    fileprivate func failure(of name: ComponentName) -> ComponentFailure? {
        guard let entry = entries[name] else {
            return ComponentFailure(
                component: name, fault: ComponentFault(.startFailed, reason: "there is none"), cause: nil)
        }
        switch entry.lifecycle.state {
        case .running, .degraded: return nil
        case .error(let fault):
            return ComponentFailure(component: name, fault: fault, cause: entry.cause)
        default:
            let fault = ComponentFault(.startFailed, reason: "the program is ending")
            return ComponentFailure(component: name, fault: fault, cause: nil)
        }
    }
}

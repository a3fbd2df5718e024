public import Domain

extension ComponentRunner {
    /// Stops a part and starts it again, with those up that cannot work without it; a person asks for it, and so what
    /// it has failed before is forgotten.
    ///
    /// It returns when it is decided; ``statuses`` tell what comes of it.
    ///
    /// - Throws: ``NotFound/component``; ``Domain/ComponentError`` when that cannot be now.
    public func restart(_ name: ComponentName) throws {
        guard graph[name] != nil else { throw NotFound.component }
        let users = graph.requiring(name)
        let decision = change { state -> Result<[ComponentName], ComponentError> in
            guard state.phase == .up else {
                return .failure(state.phase == .starting ? .busy(name) : .ending)
            }
            guard let entry = state.entries[name] else { return .failure(.ending) }
            guard entry.component.isRestartable else { return .failure(.notRestartable(name)) }
            let set = users.filter { state.entries[$0]?.lifecycle.state.isUp == true }
            let others = set.filter { state.entries[$0]?.component.isRestartable == false }
            guard others.isEmpty else { return .failure(.heldByOthers(name, others: others)) }
            let isBusy = ([name] + users).contains { state.isBusy($0) }
            guard !isBusy else { return .failure(.busy(name)) }
            state.entries[name]?.retry?.cancel()
            state.entries[name]?.retry = nil
            state.entries[name]?.history = RestartHistory()
            state.wanted.formUnion(graph.withAwaited([name]))
            state.restarting.formUnion([name] + set)
            return .success([name] + set)
        }
        let set = try decision.get()
        // Detached from who asks: what the part does later belongs to no request.
        Task.detached { await self.cycle(set) }
    }

    /// A part has ended by itself.
    func workEnded(of name: ComponentName, _ run: Int, _ error: (any Error)?) {
        change { state in
            guard let entry = state.entries[name], entry.run == run, entry.lifecycle.state.isUp else {
                return
            }
            let reason = error.map { "\($0)" } ?? "it ended by itself"
            fail(name, ComponentFault(.ended, reason: reason), cause: error, in: &state)
        }
    }

    /// Notes a fault of a part and decides what follows: another start, the end of everything, or nothing.
    func fail(
        _ name: ComponentName, _ fault: ComponentFault, cause: (any Error)?, in state: inout State
    ) {
        guard let entry = state.entries[name] else { return }
        let now = clock.now()
        let good = entry.lifecycle.upSince.map { now - $0 } ?? .zero
        guard note(.failed(fault), of: name, in: &state) else { return }
        state.entries[name]?.cause = cause
        state.entries[name]?.running = nil
        state.entries[name]?.work = nil
        let isCritical = entry.component.description.isCritical
        if state.phase == .starting, isCritical {
            state.failure = state.failure ?? ComponentFailure(component: name, fault: fault, cause: cause)
            return
        }
        guard state.phase == .starting || state.phase == .up else { return }
        // What is used softly is waited for by nobody, and so may come at any time.
        let isSoft = graph.dependents(of: name).contains { $0.kind == .soft }
        let policy = isSoft && !isCritical ? RestartPolicy.endless : limits.restarts
        switch state.entries[name]?.history.failed(after: good, at: now, policy: policy) {
        case .restart(let moment):
            state.notices.append(.restartPlanned(name, at: moment))
            state.entries[name]?.retry = Task { [run = entry.run] in
                guard (try? await self.clock.sleep(until: moment)) != nil else { return }
                await self.retry(name, run)
            }
        case .giveUp, nil:
            state.notices.append(.givenUp(name))
            let isNeeded = graph.requiring(name).contains { other in
                graph[other]?.isCritical == true && state.isDown(other)
            }
            if isCritical || isNeeded {
                state.failure = state.failure ?? ComponentFailure(component: name, fault: fault, cause: cause)
            }
        }
    }

    /// Notes that a part cannot be started because of another one.
    func block(_ name: ComponentName, by culprit: ComponentName, in state: inout State) {
        let fault = ComponentFault(
            .blocked, reason: "\(culprit) does not run", becauseOf: culprit)
        guard note(.failed(fault), of: name, in: &state) else { return }
        guard state.phase == .starting, graph[name]?.isCritical == true, state.failure == nil else { return }
        guard case .error(let reason) = state.entries[culprit]?.lifecycle.state else { return }
        state.failure = ComponentFailure(
            component: culprit, fault: reason, cause: state.entries[culprit]?.cause)
    }

    /// Starts a part again that has failed, once its pause is over.
    private func retry(_ name: ComponentName, _ run: Int) async {
        let users = graph.requiring(name)
        let set = change { state -> [ComponentName] in
            guard let entry = state.entries[name], entry.run == run, state.phase != .ending,
                state.phase != .ended, !state.restarting.contains(name),
                case .error = entry.lifecycle.state
            else { return [] }
            state.entries[name]?.retry = nil
            // What cannot be restarted alone goes on with what it has.
            let set = users.filter { user in
                guard let other = state.entries[user], other.component.isRestartable else { return false }
                return other.lifecycle.state.isUp && !state.restarting.contains(user)
            }
            state.restarting.formUnion([name] + set)
            return [name] + set
        }
        await cycle(set)
    }

    /// Stops parts, dependents first, and has them started again.
    private func cycle(_ names: [ComponentName]) async {
        let deadline = clock.now() + limits.stop
        await stop(names, by: deadline)
        change { state in
            for name in names {
                state.entries[name]?.mayStart = true
                state.restarting.remove(name)
            }
        }
    }
}

extension ComponentRunner.State {
    /// Whether a part is on its way somewhere.
    fileprivate func isBusy(_ name: ComponentName) -> Bool {
        switch entries[name]?.lifecycle.state {
        case .initializing, .stopping: true
        default: restarting.contains(name)
        }
    }
}

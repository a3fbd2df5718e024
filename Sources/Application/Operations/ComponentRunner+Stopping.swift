import Domain

extension ComponentRunner {
    /// Stops everything: what needs others before those, else side by side.
    ///
    /// From its first moment on no part is ready for new work. Each part has its grace to finish; then its work is
    /// cancelled, and what has not stopped when ``Limits/stop`` is over is left behind. It can be called at any time
    /// and by several at once; all of them wait for the end.
    public func stop() async {
        // Not a child of the caller, whose cancellation must not cut the end short.
        await Task { await self.stopAll() }.value
    }

    private func stopAll() async {
        let began = clock.now()
        let isFirst = change { state -> Bool in
            guard state.phase != .ending, state.phase != .ended else { return false }
            state.phase = .ending
            state.notices.append(.draining(inFlight: state.inFlight))
            for name in graph.order {
                state.entries[name]?.retry?.cancel()
                state.entries[name]?.retry = nil
            }
            return true
        }
        guard isFirst else { return await until { $0.phase == .ended } }
        let progress = Task { await self.tellProgress(since: began) }
        await stop(graph.order, by: began + limits.stop)
        progress.cancel()
        change { $0.phase = .ended }
    }

    /// Stops parts side by side, each once those of them are down that wait for it when they start.
    func stop(_ names: [ComponentName], by deadline: Timestamp) async {
        let set = Set(names)
        await withDiscardingTaskGroup { group in
            for name in names {
                let users = graph.dependents(of: name).filter { $0.kind != .soft && set.contains($0.name) }
                group.addTask {
                    await self.until { state in users.allSatisfy { state.isDown($0.name) } }
                    await self.stop(name, by: deadline)
                }
            }
        }
    }

    private enum Ending {
        case nothing
        case others
        case start(Task<Void, Never>?)
        case running(RunningComponent, Task<Void, Never>?)
    }

    private func stop(_ name: ComponentName, by deadline: Timestamp) async {
        let ending = change { state -> Ending in
            guard let entry = state.entries[name] else { return .nothing }
            switch entry.lifecycle.state {
            case .registered:
                note(.stopped, of: name, in: &state)
                return .nothing
            // What has failed keeps saying so.
            case .error, .stopped: return .nothing
            case .stopping: return .others
            case .initializing:
                note(.stopRequested, of: name, in: &state)
                entry.start?.cancel()
                return .start(entry.start)
            case .running, .degraded:
                note(.stopRequested, of: name, in: &state)
                return entry.running.map { .running($0, entry.work) } ?? .start(nil)
            }
        }
        var isDone = true
        switch ending {
        case .nothing: return
        case .others: return await until { state in state.isDown(name) }
        case .start(let start):
            isDone = await isOver(start, by: deadline)
        case .running(let running, let work):
            isDone = await end(running, work, by: deadline)
        }
        change { state in
            if !isDone { state.notices.append(.abandoned(name)) }
            state.entries[name]?.start = nil
            state.entries[name]?.running = nil
            state.entries[name]?.work = nil
            note(.stopped, of: name, in: &state)
        }
    }

    /// Ends what runs of a part; says whether it has ended by the deadline.
    func end(_ running: RunningComponent, _ work: Task<Void, Never>?, by deadline: Timestamp) async -> Bool {
        let graceful = min(deadline, clock.now() + running.grace)
        if running.stop == nil { work?.cancel() }
        let ending = Task {
            await running.stop?()
            await work?.value
        }
        if await isOver(ending, by: running.stop == nil ? deadline : graceful) { return true }
        work?.cancel()
        ending.cancel()
        return await isOver(ending, by: deadline)
    }

    private func isOver(_ task: Task<Void, Never>?, by deadline: Timestamp) async -> Bool {
        guard let task else { return true }
        switch await Contest.run(until: deadline, on: clock, { await task.value }) {
        case .ended: return true
        case .late: return false
        }
    }

    /// Tells every second who keeps the end waiting.
    private func tellProgress(since began: Timestamp) async {
        var next = began + .seconds(1)
        while (try? await clock.sleep(until: next)) != nil {
            next = next + .seconds(1)
            change { state in
                let left = graph.order.filter { !state.isDown($0) }
                if !left.isEmpty { state.notices.append(.waiting(for: left, inFlight: state.inFlight)) }
            }
        }
    }
}

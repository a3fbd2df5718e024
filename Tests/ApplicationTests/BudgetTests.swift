import Application
import Synchronization
import TestSupport
import Testing

private final class Tally: Sendable {
    private let state = Mutex((running: 0, most: 0, done: 0))
    var most: Int { state.withLock { $0.most } }
    var done: Int { state.withLock { $0.done } }

    func begin() {
        state.withLock { state in
            state.running += 1
            state.most = max(state.most, state.running)
        }
    }

    func end() {
        state.withLock { state in
            state.running -= 1
            state.done += 1
        }
    }
}

@Suite struct BudgetTests {
    @Test("no more work runs at once than the budget allows, and all of it runs")
    func bounds() async throws {
        let budget = Budget(3)
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await budget.run {
                        tally.begin()
                        await Task.yield()
                        tally.end()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(tally.done == 50)
        #expect(tally.most <= 3)
    }

    @Test("who is cancelled while waiting gives its place to the next")
    func cancels() async throws {
        let budget = Budget(1)
        let (entered, release) = (TestGate(), TestGate())
        let first = Task {
            try await budget.run {
                entered.open()
                await release.wait()
            }
        }
        await entered.wait()
        let waiting = Task { try await budget.run {} }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        release.open()
        try await first.value
        try await budget.run {}
    }
}

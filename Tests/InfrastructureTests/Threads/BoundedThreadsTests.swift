import Application
import Glibc
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Threads of which there are only so many")
struct BoundedThreadsTests {
    @Test("no more run at once than may, and each gets its turn", arguments: [1, 2, 3])
    func bound(most: Int) async throws {
        let threads = BoundedThreads(most: most, longestLine: 100)
        let counts = Counts()
        let results = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try await threads.run {
                        counts.begin()
                        sched_yield()
                        counts.end()
                        return number
                    }
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(results == Set(0..<50))
        #expect(counts.mostAtOnce <= most)
    }

    @Test("as many as may run do run at once")
    func sideBySide() async throws {
        let threads = BoundedThreads(most: 2, longestLine: 0)
        let stops = [Stop(), Stop()]
        async let first: Void = threads.run { stops[0].wait() }
        async let second: Void = threads.run { stops[1].wait() }
        await stops[0].untilReached()
        await stops[1].untilReached()
        await #expect(throws: PortError.self) { try await threads.run {} }
        for stop in stops { stop.letGo() }
        try await first
        try await second
    }

    @Test("who gives up before its turn loses its place, and its work is not done")
    func cancelled() async throws {
        let threads = BoundedThreads(most: 1, longestLine: 2)
        let stop = Stop()
        async let running: Void = threads.run { stop.wait() }
        await stop.untilReached()
        let counts = Counts()
        let waiting = Task { _ = try await threads.run { counts.begin() } }
        while threads.waiting == 0 { await Task.yield() }
        waiting.cancel()
        await #expect(throws: PortError.cancelled) { try await waiting.value }
        #expect(threads.waiting == 0)
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await threads.run { counts.begin() }
        }
        await #expect(throws: PortError.cancelled) { try await late.value }
        #expect(threads.waiting == 0)
        stop.letGo()
        try await running
        try await threads.run {}
        #expect(counts.mostAtOnce == 0)
    }

    @Test("those that wait come in the order in which they came")
    func order() async throws {
        let threads = BoundedThreads(most: 1, longestLine: 10)
        let stop = Stop()
        async let running: Void = threads.run { stop.wait() }
        await stop.untilReached()
        let counts = Counts()
        var waiting: [Task<Int, any Error>] = []
        for number in 0..<10 {
            waiting.append(Task { try await threads.run { counts.begin() } })
            while threads.waiting <= number { await Task.yield() }
        }
        stop.letGo()
        try await running
        for (number, task) in waiting.enumerated() { #expect(try await task.value == number + 1) }
    }
}

/// Counts what has begun and not yet ended.
private final class Counts: Sendable {
    private let counts = Mutex((running: 0, most: 0))

    var mostAtOnce: Int { counts.withLock { $0.most } }

    /// Returns how many are running now.
    @discardableResult
    func begin() -> Int {
        counts.withLock { counts in
            counts.running += 1
            counts.most = max(counts.most, counts.running)
            return counts.running
        }
    }

    func end() {
        counts.withLock { $0.running -= 1 }
    }
}

/// Holds a thread until a test lets it go.
final class Stop: Sendable {
    private let reached = TestGate()
    private let ends: (read: Int32, write: Int32)

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0)
        self.ends = (ends[0], ends[1])
    }

    deinit {
        close(ends.read)
        close(ends.write)
    }

    /// Stays until ``letGo()``; for a thread of its own.
    func wait() {
        reached.open()
        var byte: UInt8 = 0
        precondition(read(ends.read, &byte, 1) == 1)
    }

    /// Returns when somebody waits.
    func untilReached() async { await reached.wait() }

    func letGo() {
        precondition(write(ends.write, [1], 1) == 1)
    }
}

import Application
import Domain
import Synchronization
import TestSupport
import Testing

/// Collects what a follower is told.
final class Heard: Sendable {
    private let state = Mutex<[TaskFeedItem]>([])
    private let closedGate = TestGate()
    var items: [TaskFeedItem] { state.withLock { $0 } }

    func take(_ item: TaskFeedItem) -> Bool {
        state.withLock { $0.append(item) }
        switch item {
        case .closed, .dismissed: closedGate.open()
        case .status, .progress, .clipReady: break
        }
        return true
    }

    func closed() async { await closedGate.wait() }

    var kinds: [String] {
        items.map { item in
            switch item {
            case .status(let snapshot, _):
                "status \(snapshot.status.rawValue) \(snapshot.stage?.rawValue ?? "-")"
            case .progress: "progress"
            case .clipReady(let clip, _): "clip \(clip.rank)"
            case .closed(let status, _): "closed \(status.rawValue)"
            case .dismissed: "dismissed"
            }
        }
    }

    var numbers: [Int64] {
        items.compactMap { item in
            switch item {
            case .status(_, let number), .clipReady(_, let number), .closed(_, let number): number
            case .progress, .dismissed: nil
            }
        }
    }
}

@Suite struct TaskFeedTests {
    let workshop = Workshop()

    @Test("C14: a follower from the start hears every stage, each clip and the end, in order")
    func hearsAll() async throws {
        let task = try await workshop.order()
        let heard = Heard()
        let subscription = try workshop.feed.follow(task.id, by: .local, after: nil, deliver: heard.take)
        let telling = Task { await workshop.feed.run() }
        try await workshop.attempt()
        await heard.closed()
        telling.cancel()
        withExtendedLifetime(subscription) {}
        let kinds = heard.kinds.filter { $0 != "progress" }
        #expect(kinds.first == "status queued -")
        #expect(kinds.filter { $0.hasPrefix("clip") }.count == 2)
        #expect(kinds.last == "closed completed")
        #expect(
            kinds.filter { $0.hasPrefix("status running") } == [
                "status running -", "status running acquiring", "status running transcribing",
                "status running analyzing", "status running rendering",
            ])
        #expect(heard.numbers == heard.numbers.sorted())
    }

    @Test("who comes when the task has ended hears the status, the clips and the end at once")
    func lateComer() async throws {
        let task = try await workshop.order()
        try await workshop.attempt()
        let heard = Heard()
        #expect(try workshop.feed.follow(task.id, by: .local, after: nil, deliver: heard.take) == nil)
        #expect(heard.kinds.first == "status completed -")
        #expect(Set(heard.kinds.dropFirst().dropLast()) == ["clip 1", "clip 2"])
        #expect(heard.kinds.last == "closed completed")
    }

    @Test("who comes back hears exactly what was missed, and always the end")
    func replays() async throws {
        let task = try await workshop.order()
        try await workshop.attempt()
        let all = try workshop.store.read { try $0.notices.notices(of: task.id, after: 0, limit: 100) }
        for seen in all {
            let heard = Heard()
            #expect(
                try workshop.feed.follow(task.id, by: .local, after: seen.number, deliver: heard.take) == nil)
            let missed = all.filter { $0.number > seen.number }.map(\.number)
            #expect(heard.numbers == (missed.isEmpty ? [all.last!.number] : missed))
        }
    }

    @Test("an end that a resumption has undone is not told again")
    func undoneEnd() async throws {
        let task = try await workshop.order()
        _ = try await workshop.cancel(task.id, by: .local)
        _ = try await workshop.resume(task.id, by: .local)
        let heard = Heard()
        let subscription = try #require(
            try workshop.feed.follow(task.id, by: .local, after: 1, deliver: heard.take))
        #expect(heard.kinds == ["status cancelled -", "status queued -", "progress"])
        withExtendedLifetime(subscription) {}
    }

    @Test("C18: a cancelled task closes its followers, and so does a deleted one")
    func closes() async throws {
        let telling = Task { await workshop.feed.run() }
        defer { telling.cancel() }
        let cancelled = try await workshop.order()
        let deleted = try await workshop.order()
        let (first, second) = (Heard(), Heard())
        let subscriptions = [
            try workshop.feed.follow(cancelled.id, by: .local, after: nil, deliver: first.take),
            try workshop.feed.follow(deleted.id, by: .local, after: nil, deliver: second.take),
        ]
        _ = try await workshop.cancel(cancelled.id, by: .local)
        try await workshop.delete(deleted.id, by: .local)
        await first.closed()
        await second.closed()
        #expect(first.kinds.last == "closed cancelled")
        #expect(second.kinds.last == "closed cancelled")
        withExtendedLifetime(subscriptions) {}
    }

    @Test("a follower that has gone, or takes no more, is told nothing more")
    func letsGo() async throws {
        let task = try await workshop.order()
        let (gone, full) = (Heard(), Heard())
        var subscription = try workshop.feed.follow(task.id, by: .local, after: nil, deliver: gone.take)
        let other = try workshop.feed.follow(task.id, by: .local, after: nil) { item in
            _ = full.take(item)
            return full.items.count < 2
        }
        #expect(subscription != nil)
        subscription = nil
        for progress in [1.0, 2, 3] {
            let snapshot = TaskSnapshot(
                task: task.id, status: .running, stage: .acquiring, progress: progress, message: "")
            workshop.feed.report(snapshot, secondsLeft: nil)
        }
        #expect(gone.items.count == 1)
        #expect(full.items.count == 2)
        withExtendedLifetime(other) {}
    }

    @Test(
        "what cannot be read keeps nobody from hearing the rest, and is told of",
        arguments: Torn.Part.allCases)
    func torn(part: Torn.Part) async throws {
        let first = try await workshop.order()
        let second = try await workshop.order()
        let failures = Mutex<[String]>([])
        let feed = TaskFeed(store: Torn(workshop.store, part, of: first.id), clock: workshop.clock) {
            failure in
            failures.withLock { $0.append("\(failure)") }
        }
        let (heard, other) = (Heard(), Heard())
        let subscriptions = [
            try feed.follow(first.id, by: .local, after: nil, deliver: heard.take),
            try feed.follow(second.id, by: .local, after: nil, deliver: other.take),
        ]
        try await workshop.attempt()
        try await workshop.attempt()
        let telling = Task { await feed.run() }
        await heard.closed()
        await other.closed()
        telling.cancel()
        // What could not be read is told once everybody has heard the rest.
        await telling.value
        withExtendedLifetime(subscriptions) {}
        #expect(!heard.kinds.contains { $0.hasPrefix("clip") })
        #expect(heard.kinds.contains("status running rendering"))
        #expect(other.kinds.filter { $0.hasPrefix("clip") }.count == 2)
        #expect(failures.withLock { $0.first } == "corrupt: torn")
    }

    @Test("there is nothing to follow where there is no task")
    func unknown() {
        #expect(throws: NotFound.task) {
            try workshop.feed.follow(workshop.identifiers.make(), by: .local, after: nil) { _ in true }
        }
    }
}

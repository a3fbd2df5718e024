import Application
import Domain
import Synchronization

extension StoreConformance {
    static let unitsOfWork: [ConformanceRule<any Store>] = [
        ConformanceRule("a unit of work that throws leaves nothing behind, and its own error is thrown") {
            store in
            var task = try Sample.task(1)
            try await store.write { [task] writer in
                try writer.taskWriter.insert(task)
                try writer.clipWriter.put(Sample.clip(1, of: task.id, rank: 1))
                try writer.enqueue(Sample.job(1))
            }
            let (before, clips) = (task, [Sample.clip(1, of: task.id, rank: 1)])
            _ = try task.begin(at: Sample.now)
            try await expect(throws: { $0 is Abandoned }, "the error was swallowed") {
                try await store.write { [task] writer in
                    try writer.taskWriter.update(task)
                    try writer.clipWriter.put(Sample.clip(2, of: task.id, rank: 1))
                    try writer.clipWriter.put(Sample.clip(3, of: task.id, rank: 2))
                    try writer.uploadWriter.insert(Sample.upload(1))
                    try writer.documentWriter.put(Sample.transcript, of: task.id)
                    try writer.noticeWriter.append(.closed(.failed), about: task.id)
                    try writer.enqueue(Sample.job(2))
                    _ = try writer.jobWriter.claim(claim(limit: 2))
                    throw Abandoned()
                }
            }
            try store.read { reader in
                try expect(try reader.tasks.find(before.id), is: before, "the task")
                try expect(try reader.clips.all(of: before.id), is: clips, "the clips")
                try expect(try reader.uploads.find(Sample.id(1)), is: nil, "the upload")
                try expect(try reader.documents.transcript(of: before.id), is: nil, "the transcript")
                let notices = try reader.notices.notices(of: before.id, after: 0, limit: 1)
                try expect(notices, is: [], "the notices")
                try expect(try reader.jobs.find(Sample.id(1)), is: Sample.job(1), "the waiting job")
                try expect(try reader.jobs.find(Sample.id(2)), is: nil, "the new job")
            }
        },
        ConformanceRule("a unit of work that throws does not harm those beside it") { store in
            let outcomes = await withTaskGroup(of: Bool.self, returning: [Bool].self) { group in
                for number in 0..<60 {
                    group.addTask {
                        do {
                            try await store.write { writer in
                                try writer.enqueue(Sample.job(number))
                                if number.isMultiple(of: 3) { throw Abandoned() }
                            }
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            try expect(outcomes.count { $0 }, is: 40, "how many units of work succeeded")
            let counts = try store.read { try $0.jobs.counts(of: nil) }
            try expect(counts, is: [.available: 40], "the number of jobs")
        },
        ConformanceRule("a unit of work sees what it has written") { store in
            let task = try Sample.task(1)
            try await store.write { writer in
                try writer.taskWriter.insert(task)
                try expect(try writer.tasks.find(task.id), is: task, "the task within its unit of work")
                try writer.enqueue(Sample.job(1))
                let claimed = try writer.jobWriter.claim(claim(limit: 1))
                try expect(claimed.map(\.id), is: [Sample.id(1)], "the job within its unit of work")
            }
        },
        ConformanceRule("units of work that read before they write take turns") { store in
            try await store.write { try $0.taskWriter.insert(Sample.task(1)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await store.write { writer in
                            var task = try require(try writer.tasks.find(Sample.id(1)), "the task")
                            try task.rename(to: "Talk \(task.version + 1)")
                            try writer.taskWriter.update(task)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let task = try store.read { try $0.tasks.find(Sample.id(1)) }
            try expect(task?.version, is: 50, "the version after 50 changes")
        },
        ConformanceRule("a reader sees one state from its first to its last look") { store in
            try await store.write { try $0.put(Sample.job(1)) }
            // The reader waits, on this thread, for a writer that must not need it.
            let (start, end) = (Flag(), Flag())
            let writing = Task.detached {
                while !start.isUp { await Task.yield() }
                try await store.write { try $0.put(Sample.job(2)) }
                end.raise()
            }
            try store.read { reader in
                let before = try reader.jobs.counts(of: nil)
                start.raise()
                // Bounded: on a machine whose pool has one thread the writer comes only afterwards.
                for _ in 0..<200_000 where !end.isUp { continue }
                try expect(try reader.jobs.counts(of: nil), is: before, "the second look")
            }
            try await writing.value
            try expect(
                try store.read { try $0.jobs.counts(of: nil) }, is: [.available: 2], "the next reader's look")
        },
        ConformanceRule("a write that goes first is a unit of work like any other") { store in
            try store.writeFirst { try $0.put(Sample.job(1)) }
            try await expect(throws: { $0 is Abandoned }, "the error was swallowed") {
                try store.writeFirst { writer in
                    try writer.enqueue(Sample.job(2))
                    throw Abandoned()
                }
            }
            try expect(
                try store.read { try $0.jobs.counts(of: nil) }, is: [.available: 1], "the number of jobs")
        },
        ConformanceRule("an observer is told after a commit, and reads what was committed") { store in
            let (stream, told) = AsyncStream.makeStream(of: [Job.State.Name: Int].self)
            let observation = store.observe {
                if let counts = try? store.read({ try $0.jobs.counts(of: nil) }), !counts.isEmpty {
                    told.yield(counts)
                }
            }
            try await store.write { try $0.put(Sample.job(1)) }
            var seen = stream.makeAsyncIterator()
            try expect(await seen.next(), is: [.available: 1], "what the observer read")
            withExtendedLifetime(observation) {}
        },
        ConformanceRule("a commit is told before whoever committed goes on") { store in
            let told = Counter()
            let observation = store.observe { told.count() }
            for number in 1...100 {
                let before = told.value
                try await store.write { try $0.put(Sample.job(number)) }
                try expect(told.value > before, "commit \(number) was not told when its write returned")
            }
            withExtendedLifetime(observation) {}
        },
    ]

    /// A claim of everything in the ordinary queue.
    static func claim(
        limit: Int, queues: [String] = [Job.ordinaryQueue], owner: Int = 1, now: Timestamp = Sample.now
    ) -> JobClaim {
        JobClaim(
            queues: queues, limit: limit, owner: Sample.owner(owner), now: now, until: now + .seconds(30))
    }
}

private struct Abandoned: Error {}

private final class Counter: Sendable {
    private let state = Atomic(0)

    var value: Int { state.load(ordering: .acquiring) }

    func count() {
        state.add(1, ordering: .releasing)
    }
}

private final class Flag: Sendable {
    private let state = Atomic(false)

    var isUp: Bool { state.load(ordering: .acquiring) }

    func raise() {
        state.store(true, ordering: .releasing)
    }
}

import Application
import Domain

extension StoreConformance {
    static let owners: [ConformanceRule<any Store>] = [
        ConformanceRule("tasks are paged by owner, each owner's newest first, by status when asked") {
            store in
            let (first, second) = (Sample.someone(1), Sample.someone(2))
            let tasks = try (1...9).map { try Sample.task($0, owner: $0.isMultiple(of: 3) ? second : first) }
            var cancelled = [tasks[0], tasks[2], tasks[3]]
            for index in cancelled.indices { _ = try cancelled[index].cancel(at: Sample.now) }
            try await store.write { [cancelled] writer in
                for task in tasks.shuffled() { try writer.taskWriter.insert(task) }
                for task in cancelled { try writer.taskWriter.update(task) }
            }
            func listed(_ owner: Identifier<User>, _ status: VideoTask.Status.Name?) throws -> [VideoTask] {
                var seen: [VideoTask] = []
                var cursor: Identifier<VideoTask>?
                repeat {
                    let page = try store.read {
                        try $0.tasks.page(of: owner, status: status, limit: 2, before: cursor)
                    }
                    seen += page.items.map(\.task)
                    cursor = page.next
                } while cursor != nil
                return seen
            }
            for owner in [first, second] {
                let own = tasks.reversed().filter { $0.owner == owner }.map(\.id)
                try expect(try listed(owner, nil).map(\.id), is: own, "an owner's tasks")
                try expect(
                    try listed(owner, .cancelled), is: cancelled.reversed().filter { $0.owner == owner },
                    "an owner's cancelled tasks")
            }
            try expect(try listed(Sample.someone(3), nil), is: [], "the tasks of someone who has none")
        },
        ConformanceRule("jobs are paged and counted by owner, those of the server's own only with all") {
            store in
            let (user, other) = (Sample.someone(1), Sample.someone(2))
            // One in every state, one of another user, one of the server's own.
            let own = try Sample.jobsInEveryState().filter { $0.owner == user }
            let others = [Sample.job(20, owner: other), Sample.job(21)]
            try await store.write { writer in
                for job in (own + others).shuffled() { try writer.put(job) }
            }
            var seen: [Job] = []
            var cursor: Identifier<Job>?
            repeat {
                let page = try store.read {
                    try $0.jobs.page(of: user, state: nil, limit: 3, before: cursor)
                }
                seen += page.items
                cursor = page.next
            } while cursor != nil
            try expect(seen, is: own.reversed(), "the user's jobs")
            for state in Job.State.Name.allCases {
                let page = try store.read {
                    try $0.jobs.page(of: user, state: state, limit: 100, before: nil)
                }
                try expect(
                    page.items, is: own.reversed().filter { $0.state.name == state },
                    "the user's \(state.rawValue) jobs")
            }
            try store.read { reader in
                let counts = own.reduce(into: [:]) { $0[$1.state.name, default: 0] += 1 }
                try expect(try reader.jobs.counts(of: user), is: counts, "the counts of the user's jobs")
                try expect(try reader.jobs.counts(of: other), is: [.available: 1], "the counts of another's")
                try expect(
                    try reader.jobs.counts(of: nil).values.reduce(0, +), is: own.count + 2, "the count of all"
                )
            }
        },
        ConformanceRule(
            "what one user has is handed over as a whole, with what is counted in the same breath"
        ) {
            store in
            let (former, heir, other) = (Sample.someone(1), Sample.someone(2), Sample.someone(3))
            let tasks = [
                try Sample.task(1, owner: former), try Sample.task(2, owner: heir),
                try Sample.task(3, owner: other), try Sample.task(30, owner: former),
            ]
            let uploads = [
                Sample.upload(4, owner: former), Sample.upload(5, owner: heir),
                Sample.upload(6, owner: other),
            ]
            let jobs =
                try Sample.jobsInEveryState() + [Sample.job(20, owner: heir), Sample.job(21, owner: other)]
            @Sendable func key(_ caller: Identifier<User>, _ key: String) -> IdempotencyKey {
                IdempotencyKey(caller: caller, route: "POST /tasks", key: key)
            }
            @Sendable func answer(_ number: Int) -> StoredAnswer {
                StoredAnswer(
                    fingerprint: Sample.hash(number), status: 201, location: "/", body: [],
                    createdAt: Sample.now)
            }
            try await store.write { writer in
                for task in tasks.dropLast() { try writer.taskWriter.insert(task) }
                for upload in uploads { try writer.uploadWriter.insert(upload) }
                for job in jobs { try writer.put(job) }
                for (number, owner) in [former, heir, other].enumerated() {
                    try writer.answerWriter.put(answer(number), under: key(owner, "same"))
                }
                try writer.answerWriter.put(answer(7), under: key(former, "own"))
            }
            let hadAny = try await store.write { writer in
                try writer.taskWriter.insert(tasks[3])
                return try writer.ownershipWriter.handOver(everythingOf: former, to: heir)
            }
            try expect(hadAny, is: true, "whether the former had anything")
            let hasMore = try await store.write {
                try $0.ownershipWriter.handOver(everythingOf: former, to: heir)
            }
            try expect(hasMore, is: false, "whether the former has anything left")
            try store.read { reader in
                let nothing = StoreStatistics(tasks: [:], clips: 0, uploads: 0, mediaBytes: 0)
                try expect(try reader.tasks.statistics(of: former), is: nothing, "what the former has left")
                try expect(try reader.jobs.counts(of: former), is: [:], "the jobs that the former has left")
                let all = StoreStatistics(tasks: [.queued: 3], clips: 0, uploads: 2, mediaBytes: 2000)
                try expect(try reader.tasks.statistics(of: heir), is: all, "what the heir has")
                let counts = jobs.filter { $0.owner == former || $0.owner == heir }
                    .reduce(into: [:]) { $0[$1.state.name, default: 0] += 1 }
                try expect(try reader.jobs.counts(of: heir), is: counts, "the jobs that the heir has")
                try expect(
                    try reader.tasks.page(of: heir, status: nil, limit: 9, before: nil).items.map(\.task.id),
                    is: [tasks[3].id, tasks[1].id, tasks[0].id], "the heir's tasks")
                try expect(
                    try reader.tasks.find(tasks[0].id)?.version, is: tasks[0].version, "the task's version")
                try expect(
                    try reader.uploads.oldest(of: heir, limit: 9).map(\.id),
                    is: [uploads[0].id, uploads[1].id],
                    "the heir's uploads")
                try expect(
                    try reader.uploads.oldest(of: heir, limit: 1).map(\.id), is: [uploads[0].id],
                    "the heir's oldest upload")
                try expect(
                    try reader.uploads.oldest(of: other, limit: 9).map(\.id), is: [uploads[2].id],
                    "the uploads of someone else")
                try expect(try reader.answers.find(key(former, "own")), is: nil, "the former's answer")
                try expect(try reader.answers.find(key(heir, "own")), is: answer(7), "the answer handed over")
                try expect(try reader.answers.find(key(heir, "same")), is: answer(0), "the answer of both")
                try expect(
                    try reader.answers.find(key(other, "same")), is: answer(2), "someone else's answer")
            }
            try await store.write { try $0.answerWriter.forgetAll(of: heir) }
            try store.read { reader in
                try expect(try reader.answers.find(key(heir, "own")), is: nil, "a forgotten answer")
                try expect(
                    try reader.answers.find(key(other, "same")), is: answer(2), "an answer that is kept")
            }
        },
        ConformanceRule("statistics are kept by owner, and what is removed is taken off them") { store in
            let (first, second) = (Sample.someone(1), Sample.someone(2))
            let tasks = [try Sample.task(1, owner: first), try Sample.task(2, owner: second)]
            var running = tasks[1]
            _ = try running.begin(at: Sample.now)
            try await store.write { [running] writer in
                try writer.uploadWriter.insert(Sample.upload(3, owner: first))
                for task in tasks {
                    try writer.taskWriter.insert(task)
                    try writer.enqueue(
                        Sample.job(
                            task.owner == first ? 4 : 5, owner: task.owner, subject: Identifier(task.id)))
                }
                try writer.taskWriter.update(running)
                try writer.clipWriter.put(Sample.clip(1, of: tasks[1].id, rank: 1))
            }
            let expected = [
                first: StoreStatistics(tasks: [.queued: 1], clips: 0, uploads: 1, mediaBytes: 1000),
                second: StoreStatistics(tasks: [.running: 1], clips: 1, uploads: 0, mediaBytes: 2000),
            ]
            for (owner, statistics) in expected {
                try expect(
                    try store.read { try $0.tasks.statistics(of: owner) }, is: statistics,
                    "an owner's statistics")
            }
            try await store.write { writer in
                try writer.taskWriter.delete(tasks[1].id)
                try writer.deleteJobs(of: tasks[1].id)
            }
            try store.read { reader in
                let nothing = StoreStatistics(tasks: [:], clips: 0, uploads: 0, mediaBytes: 0)
                try expect(try reader.tasks.statistics(of: second), is: nothing, "what is left of the second")
                try expect(
                    try reader.jobs.counts(of: second), is: [:], "the jobs that are left of the second")
                try expect(
                    try reader.tasks.statistics(of: nil), is: expected[first] ?? nothing,
                    "what is left in all")
                try expect(try reader.jobs.counts(of: first), is: [.available: 1], "the first one's jobs")
            }
        },
    ]
}

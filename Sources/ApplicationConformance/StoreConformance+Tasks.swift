import Application
import Domain

extension StoreConformance {
    static let tasks: [ConformanceRule<any Store>] = [
        ConformanceRule("a task is read back as it was written, in every status") { store in
            for (number, task) in try tasksInEveryStatus().enumerated() {
                let fresh = try Sample.task(number, source: task.source, captions: task.captions)
                try await store.write { writer in
                    try writer.taskWriter.insert(fresh)
                    if task.version > 0 { try writer.taskWriter.update(task) }
                }
                try expect(
                    try store.read { try $0.tasks.find(task.id) }, is: task, "the \(task.status.name) task")
            }
            try expect(
                try store.read { try $0.tasks.find(Sample.id(99)) }, is: nil, "a task that was never written")
        },
        ConformanceRule("a task is not added twice") { store in
            let task = try Sample.task(1)
            try await store.write { try $0.taskWriter.insert(task) }
            try await expect(throws: isConflict, "it was added twice") {
                try await store.write { try $0.taskWriter.insert(task) }
            }
        },
        ConformanceRule("a task is not replaced by an earlier or equal version, nor when it is not there") {
            store in
            var first = try Sample.task(1)
            var second = first
            try await store.write { [first] in try $0.taskWriter.insert(first) }
            try first.rename(to: "first")
            try second.rename(to: "second")
            try await store.write { [first] in try $0.taskWriter.update(first) }
            try await expect(throws: isConflict, "an equal version replaced it") {
                try await store.write { [second] in try $0.taskWriter.update(second) }
            }
            try expect(try store.read { try $0.tasks.find(first.id)?.title }, is: "first", "the title")
            var absent = try Sample.task(2)
            try absent.rename(to: "absent")
            try await expect(throws: isConflict, "a task that was never added was replaced") {
                try await store.write { [absent] in try $0.taskWriter.update(absent) }
            }
        },
        ConformanceRule("progress is noted for a running task only, and makes no version") { store in
            let waiting = try Sample.task(1)
            var running = try Sample.task(2)
            _ = try running.begin(at: Sample.now)
            try await store.write { [running] writer in
                try writer.taskWriter.insert(waiting)
                try writer.taskWriter.insert(running)
                for id in [waiting.id, running.id, Sample.id(3)] {
                    try writer.taskWriter.record(progress: 12.5, message: "halfway", of: id)
                }
            }
            try expect(try store.read { try $0.tasks.find(waiting.id) }, is: waiting, "the waiting task")
            let noted = try require(try store.read { try $0.tasks.find(running.id) }, "the running task")
            try expect(noted.progress, is: 12.5, "the progress")
            try expect(noted.message, is: "halfway", "the message")
            try expect(noted.version, is: running.version, "the version")
            try expect(try store.read { try $0.tasks.running() }, is: [noted.snapshot], "what runs")
        },
        ConformanceRule("tasks are paged newest first, each once, by status when asked") { store in
            let tasks = try (1...7).map { try Sample.task($0) }
            var cancelled = tasks[3]
            _ = try cancelled.cancel(at: Sample.now)
            try await store.write { [cancelled] writer in
                for task in tasks.shuffled() { try writer.taskWriter.insert(task) }
                try writer.taskWriter.update(cancelled)
                try writer.clipWriter.put(Sample.clip(1, of: tasks[6].id, rank: 1))
                try writer.clipWriter.put(Sample.clip(2, of: tasks[6].id, rank: 2))
            }
            var seen: [Identifier<VideoTask>] = []
            var cursor: Identifier<VideoTask>?
            repeat {
                let page = try store.read {
                    try $0.tasks.page(of: Sample.someone(1), status: nil, limit: 3, before: cursor)
                }
                seen += page.items.map(\.task.id)
                cursor = page.next
                try expect(page.items.count <= 3, "a page had more than its limit")
            } while cursor != nil
            try expect(seen, is: tasks.map(\.id).reversed(), "the order")
            let first = try store.read {
                try $0.tasks.page(of: Sample.someone(1), status: nil, limit: 1, before: nil)
            }
            try expect(first.items.first?.clipCount, is: 2, "the number of clips")
            let few = try store.read {
                try $0.tasks.page(of: Sample.someone(1), status: .cancelled, limit: 3, before: nil)
            }
            try expect(few.items.map(\.task), is: [cancelled], "the cancelled tasks")
            try expect(few.next, is: nil, "the next page after the last")
            let exact = try store.read {
                try $0.tasks.page(of: Sample.someone(1), status: .queued, limit: 6, before: nil)
            }
            try expect(exact.items.count, is: 6, "the number of queued tasks")
            try expect(exact.next, is: nil, "the next page after one that is exactly full")
        },
        ConformanceRule("an upload is in use as long as another task names it") { store in
            let (video, captions) = (Sample.upload(1), Sample.upload(2, content: .captions(.srt)))
            let task = try Sample.task(1, source: .upload(video.id), captions: captions.id)
            let other = try Sample.task(2, source: .upload(video.id))
            try await store.write { writer in
                try writer.uploadWriter.insert(video)
                try writer.uploadWriter.insert(captions)
                try writer.taskWriter.insert(task)
                try writer.taskWriter.insert(other)
            }
            try store.read { reader in
                try expect(try reader.tasks.uses(video.id, otherThan: task.id), "the other task was missed")
                try expect(try reader.tasks.uses(captions.id, otherThan: other.id), "captions were missed")
                try expect(
                    try !reader.tasks.uses(captions.id, otherThan: task.id), "a task counted as its own other"
                )
            }
        },
        ConformanceRule("statistics count tasks by status, rendered clips, uploads and their bytes") {
            store in
            let (queued, upload) = (try Sample.task(1), Sample.upload(3))
            var cancelled = try Sample.task(2)
            _ = try cancelled.cancel(at: Sample.now)
            let failed = Clip(
                id: Sample.id(5), task: queued.id, rank: 2, highlight: Sample.highlight,
                outcome: .failed(TaskFailure(code: "program_failed", message: "no", stage: .rendering)))
            try await store.write { [cancelled] writer in
                try writer.uploadWriter.insert(upload)
                try writer.taskWriter.insert(queued)
                try writer.taskWriter.insert(cancelled)
                try writer.clipWriter.put(Sample.clip(1, of: queued.id, rank: 1))
                try writer.clipWriter.put(failed)
            }
            let statistics = StoreStatistics(
                tasks: [.queued: 1, .cancelled: 1], clips: 1, uploads: 1, mediaBytes: 3000)
            try expect(try store.read { try $0.tasks.statistics(of: nil) }, is: statistics, "the statistics")
        },
        ConformanceRule("a deleted task takes its clips, documents and notices with it, and nothing else") {
            store in
            let (doomed, spared) = (try Sample.task(1, source: .upload(Sample.id(1))), try Sample.task(2))
            try await store.write { writer in
                try writer.uploadWriter.insert(Sample.upload(1))
                for task in [doomed, spared] {
                    try writer.taskWriter.insert(task)
                    try writer.clipWriter.put(
                        Sample.clip(task.id == doomed.id ? 3 : 4, of: task.id, rank: 1))
                    try writer.documentWriter.put(Sample.transcript, of: task.id)
                    try writer.documentWriter.put(Sample.pictures, of: task.id)
                    try writer.documentWriter.put(Sample.analysis, of: task.id)
                    try writer.noticeWriter.append(.status(task.snapshot), about: task.id)
                }
            }
            try await store.write { writer in
                // The upload goes first: nothing may hold it back.
                try writer.uploadWriter.delete(Sample.id(1))
                try writer.taskWriter.delete(doomed.id)
                try writer.taskWriter.delete(Sample.id(99))
            }
            try store.read { reader in
                for (task, count) in [(doomed, 0), (spared, 1)] {
                    try expect(try reader.tasks.find(task.id) == nil, is: count == 0, "its absence")
                    try expect(try reader.clips.all(of: task.id).count, is: count, "the number of clips")
                    let transcript = try reader.documents.transcript(of: task.id)
                    try expect(transcript == nil, is: count == 0, "the transcript's absence")
                    try expect(
                        try reader.documents.pictures(of: task.id) == nil, is: count == 0,
                        "the pictures' absence")
                    try expect(
                        try reader.documents.analysis(of: task.id) == nil, is: count == 0,
                        "the analysis' absence")
                    let notices = try reader.notices.notices(of: task.id, after: 0, limit: 9)
                    try expect(notices.count, is: count, "the number of notices")
                }
            }
        },
    ]

    /// One task in each status, with every optional field both there and not there.
    private static func tasksInEveryStatus() throws -> [VideoTask] {
        let queued = try Sample.task(0)
        var running = try Sample.task(1, source: .upload(Sample.id(50)), captions: Sample.id(51))
        _ = try running.begin(at: Sample.now + .seconds(1))
        var staged = try Sample.task(2, source: .path("/tmp/ü.mp4"))
        _ = try staged.begin(at: Sample.now + .seconds(1))
        _ = try staged.enter(.transcribing)
        var completed = try Sample.task(3)
        _ = try completed.begin(at: Sample.now)
        let source = SourceVideo(
            file: Sample.file(8), facts: Sample.facts, filename: "talk.mp4", captions: Sample.file(9))
        try completed.acquire(source, title: nil)
        try completed.describe(summary: "About numbers.", keyTopics: ["a", "b, c"])
        try completed.finish(.acquiring, after: 1.5)
        try completed.finish(.rendering, after: 20.25)
        _ = try completed.complete(at: Sample.now + .seconds(9))
        var failed = try Sample.task(4)
        _ = try failed.fail(
            TaskFailure(code: "not_media", message: "no", stage: .acquiring), at: Sample.now + .seconds(2))
        var unstaged = try Sample.task(5)
        _ = try unstaged.fail(TaskFailure(code: "not_media", message: "no", stage: nil), at: Sample.now)
        var cancelled = try Sample.task(6)
        _ = try cancelled.cancel(at: Sample.now)
        return [queued, running, staged, completed, failed, unstaged, cancelled]
    }
}

/// Whether a port found that someone else was there first.
func isConflict(_ error: any Error) -> Bool {
    if case PortError.conflict = error { true } else { false }
}

import Application
import Domain

extension StoreConformance {
    static let records: [ConformanceRule<any Store>] = [
        ConformanceRule("clips are read by rank; one of the same rank is replaced") { store in
            let task = try Sample.task(1)
            let failed = Clip(
                id: Sample.id(3), task: task.id, rank: 3, highlight: Sample.highlight,
                outcome: .failed(TaskFailure(code: "program_failed", message: "no", stage: nil)))
            let (first, second) = (
                Sample.clip(1, of: task.id, rank: 1), Sample.clip(2, of: task.id, rank: 2)
            )
            try await store.write { writer in
                try writer.taskWriter.insert(task)
                try writer.taskWriter.insert(Sample.task(2))
                for clip in [failed, second, Sample.clip(9, of: task.id, rank: 1), first] {
                    try writer.clipWriter.put(clip)
                }
            }
            try store.read { reader in
                try expect(try reader.clips.all(of: task.id), is: [first, second, failed], "the clips")
                try expect(try reader.clips.find(second.id, of: task.id), is: second, "one clip")
                try expect(try reader.clips.find(Sample.id(9), of: task.id), is: nil, "the replaced clip")
                try expect(
                    try reader.clips.find(first.id, of: Sample.id(2)), is: nil, "a clip of another task")
            }
        },
        ConformanceRule("an upload is read back as it was written, and is gone once deleted") { store in
            let uploads =
                [Sample.upload(1)]
                + CaptionFileFormat.allCases.enumerated().map {
                    Sample.upload($0.offset + 2, content: .captions($0.element))
                }
            for upload in uploads {
                try await store.write { try $0.uploadWriter.insert(upload) }
                try expect(try store.read { try $0.uploads.find(upload.id) }, is: upload, "the upload")
                try await store.write { try $0.uploadWriter.delete(upload.id) }
                try expect(try store.read { try $0.uploads.find(upload.id) }, is: nil, "the deleted upload")
            }
        },
        ConformanceRule("what the stages found out is read back, and replaced by what comes later") { store in
            let task = try Sample.task(1)
            try await store.write { try $0.taskWriter.insert(task) }
            try store.read { reader in
                try expect(try reader.documents.transcript(of: task.id), is: nil, "the transcript at first")
                try expect(try reader.documents.pictures(of: task.id), is: nil, "the pictures at first")
                try expect(try reader.documents.analysis(of: task.id), is: nil, "the analysis at first")
            }
            let empty = Transcript(words: [], language: nil, engine: "none")
            for transcript in [empty, Sample.transcript] {
                try await store.write { writer in
                    try writer.documentWriter.put(transcript, of: task.id)
                    try writer.documentWriter.put(Sample.pictures, of: task.id)
                    try writer.documentWriter.put(Sample.analysis, of: task.id)
                }
                try store.read { reader in
                    try expect(try reader.documents.transcript(of: task.id), is: transcript, "the transcript")
                    try expect(
                        try reader.documents.pictures(of: task.id), is: Sample.pictures, "the pictures")
                    try expect(
                        try reader.documents.analysis(of: task.id), is: Sample.analysis, "the analysis")
                }
            }
        },
        ConformanceRule("an answer is found under its caller, route and key only, and the last one counts") {
            store in
            @Sendable func answer(_ status: Int) -> StoredAnswer {
                StoredAnswer(
                    fingerprint: Sample.hash(status), status: status, location: "/tasks/\(status)",
                    body: [0, 255, UInt8(status & 0x7F)], createdAt: Sample.now)
            }
            let key = IdempotencyKey(caller: Sample.someone(1), route: "a", key: "b")
            try await store.write { writer in
                try writer.answerWriter.put(answer(200), under: key)
                try writer.answerWriter.put(answer(201), under: key)
            }
            try store.read { reader in
                try expect(try reader.answers.find(key), is: answer(201), "the answer")
                for (user, route, key) in [(1, "a", "c"), (1, "c", "b"), (1, "ab", ""), (2, "a", "b")] {
                    let other = IdempotencyKey(caller: Sample.someone(user), route: route, key: key)
                    try expect(try reader.answers.find(other), is: nil, "an answer under another key")
                }
            }
        },
        ConformanceRule("the answers that a user got are read in pieces, each once, and nobody else's") {
            store in
            let user = Sample.someone(1)
            let keys = ["a", "b"].flatMap { route in
                ["1", "é", "~"].map { IdempotencyKey(caller: user, route: route, key: $0) }
            }
            try await store.write { writer in
                for key in keys + [IdempotencyKey(caller: Sample.someone(2), route: "a", key: "2")] {
                    let answer = StoredAnswer(
                        fingerprint: Sample.hash(1), status: 201, location: key.key, body: [1, 2],
                        createdAt: Sample.now)
                    try writer.answerWriter.put(answer, under: key)
                }
            }
            var (found, piece): ([KeyedAnswer], [KeyedAnswer]) = ([], [])
            repeat {
                piece = try store.read {
                    try $0.answers.page(of: user, limit: 2, after: found.last?.key)
                }
                found += piece
            } while !piece.isEmpty && found.count <= keys.count
            try expect(found.count, is: keys.count, "how many answers were found")
            try expect(Set(found.map(\.key)), is: Set(keys), "what the answers are found by")
            try expect(
                found.allSatisfy { $0.answer.location == $0.key.key && $0.answer.body == [1, 2] }, is: true,
                "whether each key has its answer")
        },
        ConformanceRule("old answers are forgotten, not more than asked") { store in
            try await store.write { writer in
                for age in 0..<5 {
                    let answer = StoredAnswer(
                        fingerprint: Sample.hash(1), status: 201, location: "", body: [],
                        createdAt: Sample.now - .seconds(age))
                    try writer.answerWriter.put(
                        answer, under: IdempotencyKey(caller: Sample.someone(1), route: "s", key: "\(age)"))
                }
            }
            let forgotten = try await store.write { writer in
                [
                    try writer.answerWriter.forget(before: Sample.now - .seconds(1), limit: 2),
                    try writer.answerWriter.forget(before: Sample.now - .seconds(1), limit: 2),
                ]
            }
            try expect(forgotten, is: [2, 1], "how many were forgotten")
            try store.read { reader in
                for age in 0..<5 {
                    let found = try reader.answers.find(
                        IdempotencyKey(caller: Sample.someone(1), route: "s", key: "\(age)"))
                    try expect(found == nil, is: age > 1, "the absence of an answer \(age) s old")
                }
            }
        },
    ]

    static let notices: [ConformanceRule<any Store>] = [
        ConformanceRule("notices rise in number over all tasks and are read in order") { store in
            let tasks = [try Sample.task(1), try Sample.task(2)]
            let notices: [@Sendable (VideoTask) -> TaskNotice] = [
                { .status($0.snapshot) }, { _ in .clipReady(Sample.id(5)) }, { _ in .closed(.completed) },
                { task in
                    .status(
                        TaskSnapshot(
                            task: task.id, status: .running, stage: .analyzing, progress: 47.5, message: "“x”"
                        ))
                },
            ]
            try expect(try store.read { try $0.notices.latestNumber() }, is: 0, "the first latest number")
            for task in tasks { try await store.write { try $0.taskWriter.insert(task) } }
            for notice in notices {
                for task in tasks {
                    try await store.write { try $0.noticeWriter.append(notice(task), about: task.id) }
                }
            }
            let all = try store.read { try $0.notices.notices(after: 0, limit: 100) }
            try expect(all.map(\.notice), is: notices.flatMap { tasks.map($0) }, "the notices of all tasks")
            try expect(
                zip(all, all.dropFirst()).allSatisfy { $0.number < $1.number }, "the numbers did not rise")
            let last = try require(all.last, "the last notice").number
            try expect(try store.read { try $0.notices.latestNumber() }, is: last, "the latest number")
            let some = try store.read { try $0.notices.notices(after: all[1].number, limit: 3) }
            try expect(some, is: Array(all[2..<5]), "three notices after the second")
            let own = all.filter { $0.task == tasks[1].id }
            let few = try store.read {
                try $0.notices.notices(of: tasks[1].id, after: own[0].number, limit: 2)
            }
            try expect(few, is: Array(own[1..<3]), "two notices of one task after its first")
        },
        ConformanceRule("a number is never given to a second notice, even when the first one's task is gone")
        {
            store in
            let (doomed, other) = (try Sample.task(1), try Sample.task(2))
            try await store.write { writer in
                try writer.taskWriter.insert(doomed)
                try writer.taskWriter.insert(other)
                try writer.noticeWriter.append(.closed(.failed), about: doomed.id)
            }
            let number = try store.read { try $0.notices.latestNumber() }
            try await store.write { try $0.taskWriter.delete(doomed.id) }
            try await store.write { try $0.noticeWriter.append(.closed(.failed), about: other.id) }
            let later = try store.read { try $0.notices.notices(of: other.id, after: 0, limit: 1) }
            try expect(try require(later.first, "the notice").number > number, "a number was given again")
        },
    ]
}

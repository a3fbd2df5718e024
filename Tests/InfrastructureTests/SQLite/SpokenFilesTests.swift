import Application
import Domain
import Infrastructure
import Testing

@Suite("Files of which the store speaks")
struct SpokenFilesTests {
    @Test("uploads, acquired sources with their captions, and clips speak of their files, and of no others")
    func spoken() async throws {
        try await withStore { store in
            let facts = MediaFacts(
                duration: 60, width: 1280, height: 720, frameRate: 25, videoCodec: "h264", audioCodec: nil,
                captions: [])
            try await store.write { writer in
                try writer.uploadWriter.insert(
                    Upload(
                        id: StoreSample.id(900), owner: User.local, filename: "a.srt",
                        content: .captions(.srt),
                        file: StoreSample.file(1), createdAt: StoreSample.now))
                var task = try StoreSample.task(1)
                try writer.taskWriter.insert(task)
                _ = try task.begin(at: StoreSample.now)
                _ = try task.enter(.acquiring)
                try task.acquire(
                    SourceVideo(
                        file: StoreSample.file(2), facts: facts, filename: "a.mp4",
                        captions: StoreSample.file(3)), title: nil)
                try writer.taskWriter.update(task)
                try writer.clipWriter.put(StoreSample.clip(4, of: task, rank: 1))
                try writer.clipWriter.put(StoreSample.clip(7, of: task, rank: 2, fails: true))
            }
            let all = Set((0..<20).map { StoreSample.file($0).id })
            let spoken = Set((1...5).map { StoreSample.file($0).id })
            #expect(try store.files(among: all) == spoken)
            #expect(try store.files(among: [StoreSample.file(2).id]) == [StoreSample.file(2).id])
            #expect(try store.files(among: []) == [])
        }
    }

    @Test("a clip's file without a row belongs to its task as long as that may run on")
    func unfinished() async throws {
        try await withStore { store in
            let task = try StoreSample.task(1)
            let files = Set(
                (1...20).flatMap { rank in
                    (0...5).map { Clip.file(of: task.id, rank: rank, part: $0) }
                })
            #expect(files.count == 120)
            #expect(files.allSatisfy { Clip.isFile($0, of: task.id) })
            #expect(files.allSatisfy { !Clip.isFile($0, of: StoreSample.id(2)) })
            #expect(try store.files(among: files) == [])
            try await store.write { try $0.taskWriter.insert(task) }
            #expect(try store.files(among: files) == files)
            try await store.write { writer in
                var task = task
                _ = try task.begin(at: StoreSample.now)
                _ = try task.complete(at: StoreSample.now)
                try writer.taskWriter.update(task)
            }
            #expect(try store.files(among: files) == [])
        }
    }
}

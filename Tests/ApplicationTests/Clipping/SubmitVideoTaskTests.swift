import Application
import Domain
import Synchronization
import TestSupport
import Testing

@Suite struct SubmitVideoTaskTests {
    let workshop = Workshop()

    @Test("an order writes the task, its job and its first notice as one")
    func writesAll() async throws {
        let task = try await workshop.order()
        #expect(try workshop.details(task).task.status == .queued)
        #expect(try workshop.job(of: task)?.state == .available)
        let notices = try workshop.store.read { try $0.notices.notices(of: task.id, after: 0, limit: 10) }
        #expect(notices.map(\.notice) == [.status(task.snapshot)])
    }

    @Test("every field at fault is named at once, and nothing is written")
    func namesAllFaults() async throws {
        let captions = try await workshop.upload("talk.srt")
        let video = try await workshop.upload("talk.mp4")
        let command = SubmitVideoTask.Command(
            source: .upload(captions.id), captions: video.id,
            options: try ClipOptions(captionTemplate: "glitter"))
        await #expect(
            throws: SubmissionError(faults: [.upload, .captions, .template(known: ["default"])])
        ) {
            try await workshop.submit(command, by: .local)
        }
        #expect(try ListVideoTasks(store: workshop.store)(by: .local).items.isEmpty)
    }

    @Test(
        "an address is http or https with a host",
        arguments: [
            ("https://a.example/v.mp4", true), ("HTTP://a.example", true),
            ("http://u:p@a.example:80/x", true),
            ("ftp://a.example/v.mp4", false), ("file:///etc/passwd", false), ("https://", false),
            ("https:///x", false), ("https://a b", false), ("a.example/v.mp4", false), ("", false),
            ("https://:80/", false), ("https://a.example/" + String(repeating: "x", count: 2048), false),
        ])
    func addresses(_ text: String, _ isFetchable: Bool) {
        #expect(SourceAddress.isFetchable(text) == isFetchable)
    }

    @Test(
        "a repeated request gets the first one's answer, another body is refused, and a day later it is new")
    func repeats() async throws {
        func repetition(_ byte: UInt8) -> SubmitVideoTask.Repetition {
            SubmitVideoTask.Repetition(
                route: "POST /tasks", key: "k",
                fingerprint: ContentHash(bytes: Array(repeating: byte, count: 32))!
            ) { (201, "/tasks/\($0.id)", Array($0.id.description.utf8)) }
        }
        let command = SubmitVideoTask.Command(
            source: .address("https://a.example/v"), options: try ClipOptions())
        guard
            case .created(let first) = try await workshop.submit(
                command, by: .local, repetition: repetition(1))
        else {
            Issue.record("the first request was not new")
            return
        }
        guard
            case .repeated(let answer) = try await workshop.submit(
                command, by: .local, repetition: repetition(1))
        else {
            Issue.record("the second request was taken as new")
            return
        }
        #expect(answer.body == Array(first.id.description.utf8))
        await #expect(throws: IdempotencyError.otherRequest) {
            try await workshop.submit(command, by: .local, repetition: repetition(2))
        }
        #expect(try ListVideoTasks(store: workshop.store)(by: .local).items.count == 1)
        workshop.clock.advance(by: StoredAnswer.lifetime)
        guard case .created = try await workshop.submit(command, by: .local, repetition: repetition(2)) else {
            Issue.record("a day later the key was still taken")
            return
        }
    }

    @Test("C2: an upload is a video or captions; an empty or too large one is refused and leaves nothing")
    func uploads() async throws {
        #expect(try await workshop.upload("a.VTT").content == .captions(.vtt))
        #expect(
            try await workshop.upload("a.mp4").content == .video(workshop.studio.script.withLock { $0.facts })
        )
        let files = workshop.studio.files

        let empty = try workshop.receive.begin(filename: "empty.mp4", by: .local)
        await #expect(throws: MediaError.notMedia("the file is empty")) {
            try await workshop.receive.finish(empty)
        }
        var large = try workshop.receive.begin(filename: "large.mp4", by: .local)
        #expect(throws: MediaError.tooLarge(limitBytes: 100)) {
            try [UInt8](repeating: 1, count: 101).withUnsafeBytes { try large.append($0) }
        }
        workshop.studio.change { $0.acquiring = MediaError.notMedia("it is a picture") }
        await #expect(throws: MediaError.notMedia("it is a picture")) {
            try await workshop.upload("picture.mp4")
        }
        #expect(workshop.studio.files == files)
    }

    @Test("C20: a deleted task takes its files and jobs along, and an upload with its last task")
    func deletes() async throws {
        let upload = try await workshop.upload("talk.mp4")
        var tasks: [VideoTask] = []
        for _ in 1...2 {
            let command = SubmitVideoTask.Command(source: .upload(upload.id), options: try ClipOptions())
            guard case .created(let task) = try await workshop.submit(command, by: .local) else { return }
            tasks.append(task)
            try await workshop.attempt()
        }
        try await workshop.delete(tasks[0].id, by: .local)
        #expect(workshop.studio.files.contains(upload.file.id))
        try await workshop.delete(tasks[1].id, by: .local)
        #expect(workshop.studio.files.isEmpty)
        #expect(throws: NotFound.task) { try workshop.details(tasks[0]) }
        #expect(try workshop.job(of: tasks[1]) == nil)
        await #expect(throws: NotFound.task) { try await workshop.delete(tasks[0].id, by: .local) }
    }
}

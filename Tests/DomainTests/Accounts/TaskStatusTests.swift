import Domain
import Testing

/// What must hold for a status in any sequence of happenings.
@Suite("The status of a task")
struct TaskStatusTests {
    /// Which status may follow which, itself included.
    static let graph: [VideoTask.Status.Name: Set<VideoTask.Status.Name>] = [
        .queued: [.queued, .running, .failed, .cancelled],
        .running: [.running, .completed, .failed, .cancelled],
        .completed: [.completed],
        .failed: [.failed, .queued],
        .cancelled: [.cancelled, .queued],
    ]

    private static func happen(_ choice: Int, to task: inout VideoTask, stage: Stage) throws {
        let failure = TaskFailure(code: "not_media", message: "no", stage: stage)
        switch choice {
        case 0, 1: _ = try task.begin(at: People.now)
        case 2, 3: _ = try task.enter(stage)
        case 4, 5: try task.finish(stage, after: 1)
        case 6: _ = try task.complete(at: People.now)
        case 7: _ = try task.fail(failure, at: People.now)
        case 8: _ = try task.cancel(at: People.now)
        default: _ = try task.resume(finished: Set(Stage.allCases.filter { $0 < stage }))
        }
    }

    @Test(
        "A16: a status follows only where the graph leads, and progress falls only when a task is resumed",
        arguments: 0..<20)
    func histories(_ part: Int) throws {
        var seen: Set<[VideoTask.Status.Name]> = []
        for seed in part * 20..<(part + 1) * 20 {
            var generator = SeededGenerator(seed: UInt64(seed))
            var task = try VideoTask(
                id: People.task, owner: User.local, title: "Talk", source: .path("/talk.mp4"), captions: nil,
                filename: "talk.mp4", options: try ClipOptions(), createdAt: People.now)
            #expect((task.status, task.progress) == (.queued, 0))
            for _ in 0..<60 {
                let before = task
                let choice = Int.random(in: 0..<10, using: &generator)
                let stage = Stage.allCases.randomElement(using: &generator)!
                try? Self.happen(choice, to: &task, stage: stage)
                let (from, to) = (before.status.name, task.status.name)
                seen.insert([from, to])
                #expect(Self.graph[from]?.contains(to) == true, "\(from) → \(to)")
                #expect((0...100).contains(task.progress))
                if task.progress < before.progress { #expect(to == .queued && from != .queued) }
                if to == .completed { #expect(task.progress == 100 && task.failure == nil) }
                #expect((task.failure != nil) == (to == .failed))
                #expect((task.completedAt != nil) == task.status.isFinal)
                #expect(task.version >= before.version && (task.version > before.version) == (task != before))
            }
        }
        #expect(seen.count > 10)
    }
}

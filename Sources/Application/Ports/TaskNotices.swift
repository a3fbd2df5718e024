public import Domain

/// Reads what has happened to tasks: the outbox that event streams deliver and replay from.
public protocol TaskNoticeReader {
    /// Up to `limit` notices about one task with a number above `number`, in order.
    func notices(of task: Identifier<VideoTask>, after number: Int64, limit: Int) throws -> [NumberedNotice]
    /// Up to `limit` notices about any task with a number above `number`, in order.
    func notices(after number: Int64, limit: Int) throws -> [NumberedNotice]
    /// The highest number given so far, 0 before the first.
    func latestNumber() throws -> Int64
}

/// Adds to what has happened.
public protocol TaskNoticeWriter {
    /// Adds a notice; its number is the next one.
    func append(_ notice: TaskNotice, about task: Identifier<VideoTask>) throws
}

extension StoreWriter {
    /// Adds the notices that follow from a task's events, the deliveries to those who want to hear of them, and the
    /// letter that its owner wants of its end.
    ///
    /// - Parameter moment: When it happened; nil where the task knows it itself, as it does of its end. Of a clip that is
    ///   ready webhooks are told with a moment only.
    public func announce(_ events: [VideoTaskEvent], of task: VideoTask, at moment: Timestamp? = nil) throws {
        for event in events {
            switch event {
            case .statusChanged: try noticeWriter.append(.status(task.snapshot), about: task.id)
            case .clipReady(let clip): try noticeWriter.append(.clipReady(clip), about: task.id)
            case .closed(let status):
                try noticeWriter.append(.status(task.snapshot), about: task.id)
                try noticeWriter.append(.closed(status), about: task.id)
                try orderLetter(about: task)
            }
        }
        try post(events, of: task, at: moment)
    }
}

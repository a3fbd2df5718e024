import Domain

/// Everything that a store in memory holds.
struct InMemoryTables: Sendable {
    var tasks: [Identifier<VideoTask>: VideoTask] = [:]
    var clips: [Identifier<VideoTask>: [Clip]] = [:]
    var uploads: [Identifier<Upload>: Upload] = [:]
    var transcripts: [Identifier<VideoTask>: Transcript] = [:]
    var pictures: [Identifier<VideoTask>: PictureTrack] = [:]
    var analyses: [Identifier<VideoTask>: Analysis] = [:]
    var notices: [Identifier<VideoTask>: [NumberedNotice]] = [:]
    var answers: [IdempotencyKey: StoredAnswer] = [:]
    var jobs: [Identifier<Job>: Job] = [:]
    /// The last number given to a notice; never taken back, so that no number is given twice.
    var lastNotice: Int64 = 0
}

/// A view of the tables.
class InMemoryReader: StoreReader {
    fileprivate(set) var tables: InMemoryTables

    init(tables: InMemoryTables) {
        self.tables = tables
    }

    var tasks: any VideoTaskReader { InMemoryTasks(reader: self) }
    var clips: any ClipReader { InMemoryClips(reader: self) }
    var uploads: any UploadReader { InMemoryUploads(reader: self) }
    var documents: any TaskDocumentReader { InMemoryDocuments(reader: self) }
    var notices: any TaskNoticeReader { InMemoryNotices(reader: self) }
    var answers: any StoredAnswerReader { InMemoryAnswers(reader: self) }
    var jobs: any JobReader { InMemoryJobs(reader: self) }
}

/// The tables in a unit of work, which notes how to take back each change.
final class InMemoryWriter: InMemoryReader, StoreWriter {
    private var undo: [(inout InMemoryTables) -> Void] = []

    var taskWriter: any VideoTaskWriter { InMemoryTaskWriter(writer: self) }
    var clipWriter: any ClipWriter { InMemoryClipWriter(writer: self) }
    var uploadWriter: any UploadWriter { InMemoryUploadWriter(writer: self) }
    var documentWriter: any TaskDocumentWriter { InMemoryDocumentWriter(writer: self) }
    var noticeWriter: any TaskNoticeWriter { InMemoryNoticeWriter(writer: self) }
    var answerWriter: any StoredAnswerWriter { InMemoryAnswerWriter(writer: self) }
    var jobWriter: any JobWriter { InMemoryJobWriter(writer: self) }

    /// The tables as they are now.
    var changing: InMemoryTables { tables }

    /// Whether anything was changed.
    var hasChanged: Bool { !undo.isEmpty }

    /// Puts a row under a key, or removes the one that is there; every change goes through here.
    func set<Key, Row>(
        _ table: WritableKeyPath<InMemoryTables, [Key: Row]>, _ key: Key, _ row: Row?
    ) {
        let former = tables[keyPath: table][key]
        undo.append { $0[keyPath: table][key] = former }
        tables[keyPath: table][key] = row
    }

    /// The next number for a notice.
    func nextNoticeNumber() -> Int64 {
        tables.lastNotice += 1
        return tables.lastNotice
    }

    /// Takes back every change, the last one first.
    func takeBack() {
        for step in undo.reversed() { step(&tables) }
        undo = []
    }
}

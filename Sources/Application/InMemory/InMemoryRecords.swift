import Domain

struct InMemoryClips: ClipReader {
    let reader: InMemoryReader

    func all(of task: Identifier<VideoTask>) throws -> [Clip] {
        reader.tables.clips[task] ?? []
    }

    func find(_ id: Identifier<Clip>, of task: Identifier<VideoTask>) throws -> Clip? {
        reader.tables.clips[task]?.first { $0.id == id }
    }
}

struct InMemoryClipWriter: ClipWriter {
    let writer: InMemoryWriter

    func put(_ clip: Clip) throws {
        let others = (writer.tables.clips[clip.task] ?? []).filter { $0.rank != clip.rank }
        writer.set(\.clips, clip.task, (others + [clip]).sorted { $0.rank < $1.rank })
    }
}

struct InMemoryUploads: UploadReader {
    let reader: InMemoryReader

    func find(_ id: Identifier<Upload>) throws -> Upload? {
        reader.tables.uploads[id]
    }

    func oldest(of owner: Identifier<User>, limit: Int) throws -> [Upload] {
        try page(of: owner, limit: limit, after: nil)
    }

    func page(of owner: Identifier<User>, limit: Int, after cursor: Identifier<Upload>?) throws -> [Upload] {
        let own = reader.tables.uploads.values.filter { upload in
            upload.owner == owner && cursor.map { upload.id > $0 } ?? true
        }
        return Array(own.sorted { $0.id < $1.id }.prefix(limit))
    }
}

struct InMemoryUploadWriter: UploadWriter {
    let writer: InMemoryWriter

    func insert(_ upload: Upload) throws {
        guard writer.tables.uploads[upload.id] == nil else {
            throw PortError.conflict("the upload exists already")
        }
        writer.set(\.uploads, upload.id, upload)
    }

    func delete(_ id: Identifier<Upload>) throws {
        writer.set(\.uploads, id, nil)
    }
}

struct InMemoryDocuments: TaskDocumentReader {
    let reader: InMemoryReader

    func transcript(of task: Identifier<VideoTask>) throws -> Transcript? {
        reader.tables.transcripts[task]
    }

    func pictures(of task: Identifier<VideoTask>) throws -> PictureTrack? {
        reader.tables.pictures[task]
    }

    func analysis(of task: Identifier<VideoTask>) throws -> Analysis? {
        reader.tables.analyses[task]
    }
}

struct InMemoryDocumentWriter: TaskDocumentWriter {
    let writer: InMemoryWriter

    func put(_ transcript: Transcript, of task: Identifier<VideoTask>) throws {
        writer.set(\.transcripts, task, transcript)
    }

    func put(_ pictures: PictureTrack, of task: Identifier<VideoTask>) throws {
        writer.set(\.pictures, task, pictures)
    }

    func put(_ analysis: Analysis, of task: Identifier<VideoTask>) throws {
        writer.set(\.analyses, task, analysis)
    }
}

struct InMemoryNotices: TaskNoticeReader {
    let reader: InMemoryReader

    func notices(of task: Identifier<VideoTask>, after number: Int64, limit: Int) throws -> [NumberedNotice] {
        Array((reader.tables.notices[task] ?? []).lazy.filter { $0.number > number }.prefix(limit))
    }

    func notices(after number: Int64, limit: Int) throws -> [NumberedNotice] {
        let later = reader.tables.notices.values.joined().filter { $0.number > number }
        return Array(later.sorted { $0.number < $1.number }.prefix(limit))
    }

    func latestNumber() throws -> Int64 {
        reader.tables.lastNotice
    }
}

struct InMemoryNoticeWriter: TaskNoticeWriter {
    let writer: InMemoryWriter

    func append(_ notice: TaskNotice, about task: Identifier<VideoTask>) throws {
        let numbered = NumberedNotice(number: writer.nextNoticeNumber(), task: task, notice: notice)
        writer.set(\.notices, task, (writer.tables.notices[task] ?? []) + [numbered])
    }
}

struct InMemoryAnswers: StoredAnswerReader {
    let reader: InMemoryReader

    func find(_ key: IdempotencyKey) throws -> StoredAnswer? {
        reader.tables.answers[key]
    }

    func page(of caller: Identifier<User>, limit: Int, after key: IdempotencyKey?) throws -> [KeyedAnswer] {
        let later = reader.tables.answers.filter { found in
            found.key.caller == caller
                && (key.map { ($0.route, $0.key) < (found.key.route, found.key.key) } ?? true)
        }
        let ordered = later.sorted { ($0.key.route, $0.key.key) < ($1.key.route, $1.key.key) }
        return ordered.prefix(limit).map { KeyedAnswer(key: $0.key, answer: $0.value) }
    }
}

struct InMemoryAnswerWriter: StoredAnswerWriter {
    let writer: InMemoryWriter

    func put(_ answer: StoredAnswer, under key: IdempotencyKey) throws {
        writer.set(\.answers, key, answer)
    }

    func forgetAll(of caller: Identifier<User>) throws {
        for key in writer.tables.answers.keys where key.caller == caller { writer.set(\.answers, key, nil) }
    }

    func forget(before moment: Timestamp, limit: Int) throws -> Int {
        let old = writer.tables.answers.filter { $0.value.createdAt < moment }.keys.prefix(limit)
        for key in old { writer.set(\.answers, key, nil) }
        return old.count
    }
}

import Domain

struct InMemoryTasks: VideoTaskReader {
    let reader: InMemoryReader

    func find(_ id: Identifier<VideoTask>) throws -> VideoTask? {
        reader.tables.tasks[id]
    }

    func page(
        of owner: Identifier<User>, status: VideoTask.Status.Name?, limit: Int,
        before cursor: Identifier<VideoTask>?
    ) throws -> Page<TaskListing, Identifier<VideoTask>> {
        let matching = reader.tables.tasks.values
            .filter { $0.owner == owner && (status == nil || $0.status.name == status) }
        return Page(newestOf: matching, id: \.id, limit: limit, before: cursor)
            .map { TaskListing(task: $0, clipCount: reader.tables.clips[$0.id]?.count ?? 0) }
    }

    func running() throws -> [TaskSnapshot] {
        reader.tables.tasks.values.filter { $0.status.name == .running }.map(\.snapshot)
            .sorted { $0.task < $1.task }
    }

    func uses(_ upload: Identifier<Upload>, otherThan task: Identifier<VideoTask>) throws -> Bool {
        reader.tables.tasks.values.contains { other in
            other.id != task && (other.source == .upload(upload) || other.captions == upload)
        }
    }

    func statistics(of owner: Identifier<User>?) throws -> StoreStatistics {
        let tables = reader.tables
        let tasks = tables.tasks.values.filter { owner == nil || $0.owner == owner }
        let clips = tasks.flatMap { tables.clips[$0.id] ?? [] }
        let uploads = tables.uploads.values.filter { owner == nil || $0.owner == owner }
        let files = clips.flatMap(\.files) + uploads.map(\.file)
        return StoreStatistics(
            tasks: tasks.reduce(into: [:]) { $0[$1.status.name, default: 0] += 1 },
            clips: clips.count { !$0.renditions.isEmpty },
            uploads: uploads.count,
            mediaBytes: files.reduce(0) { $0 + $1.bytes })
    }
}

struct InMemoryTaskWriter: VideoTaskWriter {
    let writer: InMemoryWriter

    func insert(_ task: VideoTask) throws {
        guard writer.tables.tasks[task.id] == nil else { throw PortError.conflict("the task exists already") }
        writer.set(\.tasks, task.id, task)
    }

    func update(_ task: VideoTask) throws {
        guard let stored = writer.tables.tasks[task.id], stored.version < task.version else {
            throw PortError.conflict("the task was changed meanwhile")
        }
        writer.set(\.tasks, task.id, task)
    }

    func record(progress: Double, message: String, of id: Identifier<VideoTask>) throws {
        guard let task = writer.tables.tasks[id], task.status.name == .running else { return }
        writer.set(\.tasks, id, task.with(progress: progress, message: message))
    }

    func delete(_ id: Identifier<VideoTask>) throws {
        guard writer.tables.tasks[id] != nil else { return }
        writer.set(\.tasks, id, nil)
        writer.set(\.clips, id, nil)
        writer.set(\.transcripts, id, nil)
        writer.set(\.pictures, id, nil)
        writer.set(\.analyses, id, nil)
        writer.set(\.notices, id, nil)
    }
}

extension VideoTask {
    /// The same version of the task, with its progress noted or in other hands.
    func with(
        owner: Identifier<User>? = nil, progress: Double? = nil, message: String? = nil
    ) -> VideoTask {
        VideoTask(
            id: id, owner: owner ?? self.owner, title: title, source: source, captions: captions,
            filename: filename, acquired: acquired, options: options, status: status,
            progress: progress ?? self.progress, message: message ?? self.message,
            attempts: attempts, timings: timings, summary: summary, keyTopics: keyTopics,
            createdAt: createdAt, startedAt: startedAt, completedAt: completedAt, version: version)
    }
}

extension Page {
    /// The first `limit` of the items before `cursor`, newest first.
    init<Items: Sequence, Subject>(
        newestOf items: Items, id: (Item) -> Identifier<Subject>, limit: Int,
        before cursor: Identifier<Subject>?
    ) where Items.Element == Item, Cursor == Identifier<Subject> {
        let ordered = items.filter { item in cursor.map { id(item) < $0 } ?? true }
            .sorted { id($0) > id($1) }
        let shown = Array(ordered.prefix(limit))
        self.init(items: shown, next: ordered.count > limit ? shown.last.map(id) : nil)
    }
}

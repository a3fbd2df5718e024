import Application
package import Domain

extension SQLiteStore {
    /// Which of those files belong to a row, or to a clip that may still get one.
    ///
    /// All rows are gone through, on the calling thread: no index leads from a file to its row, since only a
    /// process that was killed makes anybody ask.
    package func files(among candidates: Set<Identifier<MediaFile>>) throws -> Set<Identifier<MediaFile>> {
        guard !candidates.isEmpty else { return [] }
        // A clip's files share the first half of their identifiers with its task.
        let byHigh = Dictionary(grouping: candidates, by: \.high)
        var found: Set<Identifier<MediaFile>> = []
        do {
            try database.read { session in
                _ = try session.all("SELECT record FROM uploads") { row in
                    found.insert(try row.nextRecord(UploadRecord.self).file.id)
                }
                _ = try session.all("SELECT record FROM clips") { row in
                    if case .rendered(let renditions, let thumbnail) = try row.nextRecord(ClipRecord.self)
                        .outcome
                    {
                        found.formUnion(renditions.map(\.file.id) + [thumbnail.id])
                    }
                }
                _ = try session.all("SELECT id, status, record FROM tasks") { row in
                    let task = row.next(Identifier<VideoTask>.self)
                    let status: VideoTask.Status.Name = try RecordReader.named(row.next())
                    let acquired = try row.nextRecord(VideoTaskRecord.self).acquired
                    found.formUnion([acquired?.file.id, acquired?.captions?.id].compactMap(\.self))
                    // As long as it may run on, it writes the same files again.
                    guard status != .completed else { return }
                    found.formUnion(byHigh[task.high, default: []].filter { Clip.isFile($0, of: task) })
                }
            }
        } catch let error as SQLiteError {
            throw error.portError
        }
        return found.intersection(candidates)
    }
}

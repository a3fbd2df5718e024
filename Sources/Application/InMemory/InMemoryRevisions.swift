import Domain

struct InMemoryRevisions: RevisionReader {
    let reader: InMemoryReader

    func latest() throws -> ConfigurationRevision? {
        reader.tables.revisions.values.max { $0.revision.number < $1.revision.number }?.revision
    }

    func newest(_ count: Int) throws -> [ConfigurationRevision] {
        Array(reader.tables.revisions.values.map(\.revision).sorted { $0.number > $1.number }.prefix(count))
    }

    func settings(of number: Int64) throws -> [StoredSetting]? {
        reader.tables.revisions[number]?.settings.sorted { $0.name < $1.name }
    }
}

struct InMemoryRevisionWriter: RevisionWriter {
    let writer: InMemoryWriter

    func append(_ revision: ConfigurationRevision, of settings: [StoredSetting]) throws {
        guard revision.number == (try writer.revisions.latest()?.number ?? 0) + 1 else {
            throw PortError.conflict("the configuration has another revision")
        }
        writer.set(
            \.revisions, revision.number, InMemoryTables.Revision(revision: revision, settings: settings))
        writer.set(\.revisions, revision.number - ConfigurationRevision.remembered, nil)
    }
}

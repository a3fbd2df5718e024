struct InMemorySettings: SettingReader {
    let reader: InMemoryReader

    func find(_ name: String) throws -> StoredSetting? {
        reader.tables.settings[name]
    }

    func all() throws -> [StoredSetting] {
        reader.tables.settings.values.sorted { $0.name < $1.name }
    }
}

struct InMemorySettingWriter: SettingWriter {
    let writer: InMemoryWriter

    func put(_ setting: StoredSetting) throws {
        writer.set(\.settings, setting.name, setting)
    }

    func remove(_ name: String) throws {
        writer.set(\.settings, name, nil)
    }
}

import Domain

struct InMemoryPreferences: PreferencesReader {
    let reader: InMemoryReader

    func find(_ user: Identifier<User>) throws -> Preferences? {
        reader.tables.preferences[user]
    }
}

struct InMemoryPreferencesWriter: PreferencesWriter {
    let writer: InMemoryWriter

    func put(_ preferences: Preferences, of user: Identifier<User>) throws {
        writer.set(\.preferences, user, preferences)
    }

    func forget(_ user: Identifier<User>) throws {
        writer.set(\.preferences, user, nil)
    }
}

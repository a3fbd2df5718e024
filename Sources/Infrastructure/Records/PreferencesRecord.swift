import Application
import Domain

/// What a user has chosen.
struct PreferencesRecord: VersionedRecord {
    static let recordVersion: UInt8 = 1

    let preferences: Preferences

    init(preferences: Preferences) {
        self.preferences = preferences
    }

    init(from reader: inout RecordReader) throws {
        let formats: [ClipFormat] = try reader.list { try $0.named() }
        let template = try reader.optional { try $0.string() }
        let changes: CaptionChanges = try reader.value()
        let notifiesByMail = try reader.bool()
        do throws(ClipOptionsError) {
            preferences = try Preferences(
                formats: formats, captionTemplate: template, captionChanges: changes,
                notifiesByMail: notifiesByMail)
        } catch {
            throw PortError.corrupt("preferences that break a rule: \(error.explanation)")
        }
    }

    func write(to writer: inout RecordWriter) {
        writer.put(preferences.formats) { $0.put($1.rawValue) }
        writer.put(preferences.captionTemplate) { $0.put($1) }
        writer.put(preferences.captionChanges)
        writer.put(preferences.notifiesByMail)
    }
}

extension CaptionChanges: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(
            font: try reader.optional { try $0.string() }, size: try reader.optional { try $0.double() },
            colour: try reader.optional { reader in
                let bits = try reader.int()
                func part(_ shift: Int) -> UInt8 { UInt8(truncatingIfNeeded: bits >> shift) }
                return CaptionTemplate.Colour(
                    red: part(24), green: part(16), blue: part(8), opacity: part(0))
            })
    }

    func write(to writer: inout RecordWriter) {
        writer.put(font) { $0.put($1) }
        writer.put(size) { $0.put($1) }
        writer.put(colour) { writer, colour in
            let parts = [colour.red, colour.green, colour.blue, colour.opacity]
            writer.put(parts.reduce(0) { $0 << 8 | Int($1) })
        }
    }
}

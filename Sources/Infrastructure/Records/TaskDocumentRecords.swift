import Application
import Domain

extension Transcript: VersionedRecord {
    static var recordVersion: UInt8 { 1 }

    init(from reader: inout RecordReader) throws {
        let language = try reader.optional { try $0.string() }
        let engine = try reader.string()
        let speakers = try reader.list { Speaker(label: try $0.string()) }
        let words = try reader.list { reader in
            let text = try reader.string()
            let span: TimeSpan = try reader.value()
            let confidence = try reader.optional { try $0.double() }
            let speaker = try reader.int()
            guard (0...speakers.count).contains(speaker) else {
                throw PortError.corrupt("a word of an unknown speaker")
            }
            return Word(
                text: text, span: span, confidence: confidence,
                speaker: speaker > 0 ? speakers[speaker - 1] : nil)
        }
        self.init(words: words, language: language, engine: engine)
    }

    func write(to writer: inout RecordWriter) {
        writer.put(language) { $0.put($1) }
        writer.put(engine)
        // Words name their speaker by its place in this list, counted from 1; 0 is nobody.
        var places: [Speaker: Int] = [:]
        var speakers: [Speaker] = []
        for case let speaker? in words.map(\.speaker) where places[speaker] == nil {
            speakers.append(speaker)
            places[speaker] = speakers.count
        }
        writer.put(speakers) { $0.put($1.label) }
        writer.put(words) { writer, word in
            writer.put(word.text)
            writer.put(word.span)
            writer.put(word.confidence) { $0.put($1) }
            writer.put(word.speaker.flatMap { places[$0] } ?? 0)
        }
    }
}

extension Analysis: VersionedRecord {
    static var recordVersion: UInt8 { 1 }

    init(from reader: inout RecordReader) throws {
        self.init(
            highlights: try reader.list { try $0.value() }, summary: try reader.optional { try $0.string() },
            keyTopics: try reader.list { try $0.string() }, finder: try reader.string())
    }

    func write(to writer: inout RecordWriter) {
        writer.put(highlights) { $0.put($1) }
        writer.put(summary) { $0.put($1) }
        writer.put(keyTopics) { $0.put($1) }
        writer.put(finder)
    }
}

extension PictureTrack: VersionedRecord {
    static var recordVersion: UInt8 { 1 }

    init(from reader: inout RecordReader) throws {
        self.init(
            samples: try reader.list { try $0.value() }, cuts: try reader.list { try $0.double() },
            end: try reader.double())
    }

    func write(to writer: inout RecordWriter) {
        writer.put(samples) { $0.put($1) }
        writer.put(cuts) { $0.put($1) }
        writer.put(end)
    }
}

extension PictureTrack.Sample: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(
            time: try reader.double(), columns: try reader.blob(), rows: try reader.blob(),
            motion: Float(try reader.double()))
    }

    func write(to writer: inout RecordWriter) {
        writer.put(time)
        writer.put(columns)
        writer.put(rows)
        writer.put(Double(motion))
    }
}

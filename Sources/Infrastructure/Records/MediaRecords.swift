import Application
import Domain

extension Identifier: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(high: try reader.bits(), low: try reader.bits())
    }

    func write(to writer: inout RecordWriter) {
        writer.put(bits: high)
        writer.put(bits: low)
    }
}

extension ContentHash: Recorded {
    init(from reader: inout RecordReader) throws {
        guard let hash = ContentHash(bytes: try reader.blob()) else {
            throw PortError.corrupt("a content hash of the wrong length")
        }
        self = hash
    }

    func write(to writer: inout RecordWriter) {
        writer.put(bytes)
    }
}

extension MediaFile: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(id: try reader.value(), bytes: Int64(try reader.int()), hash: try reader.value())
    }

    func write(to writer: inout RecordWriter) {
        writer.put(id)
        writer.put(Int(bytes))
        writer.put(hash)
    }
}

extension PictureSize: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(width: try reader.int(), height: try reader.int())
    }

    func write(to writer: inout RecordWriter) {
        writer.put(width)
        writer.put(height)
    }
}

extension TimeSpan: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(start: try reader.double(), end: try reader.double())
    }

    func write(to writer: inout RecordWriter) {
        writer.put(start)
        writer.put(end)
    }
}

extension MediaFacts: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(
            duration: try reader.double(), width: try reader.int(), height: try reader.int(),
            frameRate: try reader.double(), videoCodec: try reader.optional { try $0.string() },
            audioCodec: try reader.optional { try $0.string() },
            captions: try reader.list { try $0.value() },
            isCutOff: reader.version >= 2 ? try reader.bool() : false)
    }

    func write(to writer: inout RecordWriter) {
        writer.put(duration)
        writer.put(width)
        writer.put(height)
        writer.put(frameRate)
        writer.put(videoCodec) { $0.put($1) }
        writer.put(audioCodec) { $0.put($1) }
        writer.put(captions) { $0.put($1) }
        writer.put(isCutOff)
    }
}

extension MediaFacts.CaptionTrack: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(
            index: try reader.int(), language: try reader.optional { try $0.string() },
            codec: try reader.string())
    }

    func write(to writer: inout RecordWriter) {
        writer.put(index)
        writer.put(language) { $0.put($1) }
        writer.put(codec)
    }
}

extension SourceVideo: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(
            file: try reader.value(), facts: try reader.value(), filename: try reader.string(),
            captions: try reader.optional { try $0.value() })
    }

    func write(to writer: inout RecordWriter) {
        writer.put(file)
        writer.put(facts)
        writer.put(filename)
        writer.put(captions) { $0.put($1) }
    }
}

/// The part of an upload that no query asks about.
struct UploadRecord: VersionedRecord {
    static let recordVersion: UInt8 = 2

    let content: Upload.Content
    let file: MediaFile

    init(_ upload: Upload) {
        content = upload.content
        file = upload.file
    }

    init(from reader: inout RecordReader) throws {
        file = try reader.value()
        let facts: MediaFacts? = try reader.optional { try $0.value() }
        if let facts {
            content = .video(facts)
        } else {
            content = .captions(try reader.named())
        }
    }

    func write(to writer: inout RecordWriter) {
        writer.put(file)
        switch content {
        case .video(let facts):
            writer.put(true)
            writer.put(facts)
        case .captions(let format):
            writer.put(false)
            writer.put(format.rawValue)
        }
    }
}

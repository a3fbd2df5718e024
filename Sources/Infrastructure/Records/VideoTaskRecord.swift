import Application
import Domain

/// The part of a task that no query asks about.
struct VideoTaskRecord: VersionedRecord {
    static let recordVersion: UInt8 = 3

    /// Where the source comes from, unless it is an upload, which has a column.
    let address: String?
    let path: String?
    let filename: String
    let acquired: SourceVideo?
    let options: ClipOptions
    let timings: [Stage: Double]
    let summary: String?
    let keyTopics: [String]

    init(_ task: VideoTask) {
        (address, path) =
            switch task.source {
            case .upload: (nil, nil)
            case .address(let address): (address, nil)
            case .path(let path): (nil, path)
            }
        filename = task.filename
        acquired = task.acquired
        options = task.options
        timings = task.timings
        summary = task.summary
        keyTopics = task.keyTopics
    }

    init(from reader: inout RecordReader) throws {
        address = try reader.optional { try $0.string() }
        path = try reader.optional { try $0.string() }
        filename = try reader.string()
        acquired = try reader.optional { try $0.value() }
        options = try reader.value()
        let pairs = try reader.list { (stage: try $0.named(Stage.self), seconds: try $0.double()) }
        timings = Dictionary(pairs.map { ($0.stage, $0.seconds) }) { first, _ in first }
        summary = try reader.optional { try $0.string() }
        keyTopics = try reader.list { try $0.string() }
    }

    func write(to writer: inout RecordWriter) {
        writer.put(address) { $0.put($1) }
        writer.put(path) { $0.put($1) }
        writer.put(filename)
        writer.put(acquired) { $0.put($1) }
        writer.put(options)
        writer.put(timings.sorted { $0.key < $1.key }) { writer, timing in
            writer.put(timing.key.rawValue)
            writer.put(timing.value)
        }
        writer.put(summary) { $0.put($1) }
        writer.put(keyTopics) { $0.put($1) }
    }
}

extension ClipOptions: Recorded {
    init(from reader: inout RecordReader) throws {
        let count = try reader.int()
        let minDuration = try reader.double()
        let maxDuration = try reader.double()
        let formats: [ClipFormat] = try reader.list { try $0.named() }
        let captionTemplate = try reader.optional { try $0.string() }
        let topic = try reader.optional { try $0.string() }
        let language = try reader.optional { try $0.string() }
        let ranges: [TimeSpan] = try reader.list { try $0.value() }
        let mode: ProcessingMode = try reader.named()
        let captionChanges: CaptionChanges = reader.version < 3 ? .none : try reader.value()
        let notifyAddress = try reader.version < 3 ? nil : reader.optional { try $0.string() }
        do throws(ClipOptionsError) {
            try self.init(
                count: count, minDuration: minDuration, maxDuration: maxDuration, formats: formats,
                captionTemplate: captionTemplate, captionChanges: captionChanges, topic: topic,
                language: language, ranges: ranges, mode: mode,
                notifyAddress: notifyAddress.map { WebhookAddress(stored: $0) })
        } catch {
            throw PortError.corrupt("options that break a rule: \(error.explanation)")
        }
    }

    func write(to writer: inout RecordWriter) {
        writer.put(count)
        writer.put(minDuration)
        writer.put(maxDuration)
        writer.put(formats) { $0.put($1.rawValue) }
        writer.put(captionTemplate) { $0.put($1) }
        writer.put(topic) { $0.put($1) }
        writer.put(language) { $0.put($1) }
        writer.put(ranges) { $0.put($1) }
        writer.put(mode.rawValue)
        writer.put(captionChanges)
        writer.put(notifyAddress) { $0.put($1.text) }
    }
}

extension TaskFailure: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(
            code: try reader.string(), message: try reader.string(),
            stage: try reader.optional { try $0.named() })
    }

    func write(to writer: inout RecordWriter) {
        writer.put(code)
        writer.put(message)
        writer.put(stage) { $0.put($1.rawValue) }
    }
}

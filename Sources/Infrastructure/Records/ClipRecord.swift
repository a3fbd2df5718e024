import Application
import Domain

/// The part of a clip that no query asks about.
struct ClipRecord: VersionedRecord {
    static let recordVersion: UInt8 = 1

    let highlight: Highlight
    let outcome: Clip.Outcome

    init(_ clip: Clip) {
        highlight = clip.highlight
        outcome = clip.outcome
    }

    init(from reader: inout RecordReader) throws {
        highlight = try reader.value()
        let failure: TaskFailure? = try reader.optional { try $0.value() }
        if let failure {
            outcome = .failed(failure)
        } else {
            outcome = .rendered(try reader.list { try $0.value() }, thumbnail: try reader.value())
        }
    }

    func write(to writer: inout RecordWriter) {
        writer.put(highlight)
        switch outcome {
        case .failed(let failure):
            writer.put(true)
            writer.put(failure)
        case .rendered(let renditions, let thumbnail):
            writer.put(false)
            writer.put(renditions) { $0.put($1) }
            writer.put(thumbnail)
        }
    }
}

extension Clip.Rendition: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(
            format: try reader.named(), file: try reader.value(), size: try reader.value(),
            duration: try reader.double())
    }

    func write(to writer: inout RecordWriter) {
        writer.put(format.rawValue)
        writer.put(file)
        writer.put(size)
        writer.put(duration)
    }
}

extension Highlight: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(
            span: try reader.value(), title: try reader.string(), text: try reader.string(),
            score: HighlightScore(
                hook: try reader.int(), engagement: try reader.int(), value: try reader.int(),
                shareability: try reader.int()),
            hookType: try reader.named(), reasoning: try reader.string())
    }

    func write(to writer: inout RecordWriter) {
        writer.put(span)
        writer.put(title)
        writer.put(text)
        writer.put(score.hook)
        writer.put(score.engagement)
        writer.put(score.value)
        writer.put(score.shareability)
        writer.put(hookType.rawValue)
        writer.put(reasoning)
    }
}

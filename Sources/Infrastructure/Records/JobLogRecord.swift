import Application
import Domain

/// The attempts of a job that ended without completing it.
struct JobLogRecord: VersionedRecord {
    static let recordVersion: UInt8 = 1

    let attempts: [JobAttempt]

    init(_ attempts: [JobAttempt]) {
        self.attempts = attempts
    }

    init(from reader: inout RecordReader) throws {
        attempts = try reader.list { try $0.value() }
    }

    func write(to writer: inout RecordWriter) {
        writer.put(attempts) { $0.put($1) }
    }
}

extension JobAttempt: Recorded {
    init(from reader: inout RecordReader) throws {
        let number = try reader.int()
        let startedAt = try reader.timestamp()
        let endedAt = try reader.timestamp()
        let interruption: JobInterruption? = try reader.optional { reader in
            try reader.named()
        }
        let ending: Ending
        if let interruption {
            ending = .interrupted(interruption)
        } else {
            ending = .failed(JobFailure(code: try reader.string(), message: try reader.string()))
        }
        self.init(number: number, startedAt: startedAt, endedAt: endedAt, ending: ending)
    }

    func write(to writer: inout RecordWriter) {
        writer.put(number)
        writer.put(startedAt)
        writer.put(endedAt)
        switch ending {
        case .interrupted(let reason):
            writer.put(true)
            writer.put(reason.rawValue)
        case .failed(let failure):
            writer.put(false)
            writer.put(failure.code)
            writer.put(failure.message)
        }
    }
}

import Application
import Domain
import Synchronization

/// Fetches one file; an answer that breaks off is resumed where it ended.
final class DirectDownload: Sendable {
    /// How often one fetch goes on after its answer broke off; later tries are the job's.
    private static let mostResumptions = 5

    private struct State {
        var writer: any MediaWriter
        var received: Int64 = 0
        var expected: Int64?
        var validator: String?
        var filename = ""
        var lastReport: Int64 = -1
    }

    private let address: String
    private let settings: WebSourceSettings
    private let media: any MediaStore
    private let progress: ProgressReport
    private let state: Mutex<State>

    init(
        address: String, settings: WebSourceSettings, media: any MediaStore,
        progress: @escaping ProgressReport
    ) throws {
        self.address = address
        self.settings = settings
        self.media = media
        self.progress = progress
        state = Mutex(State(writer: try media.open()))
    }

    func run(by client: HTTPClient) async throws -> FetchedSource {
        do {
            try await transfer(by: client)
            let (writer, filename) = state.withLock { ($0.writer, $0.filename) }
            let file = try await writer.finish()
            return FetchedSource(file: file, filename: filename, title: nil, captions: nil)
        } catch {
            state.withLock { $0.writer }.abandon()
            throw error
        }
    }

    private func transfer(by client: HTTPClient) async throws {
        var resumptions = 0
        while true {
            let start = state.withLock { $0.received }
            do {
                _ = try await client.receive(
                    request(from: start),
                    with: HTTPReceiver(
                        accept: { try self.accept($0, resumedAt: start) }, receive: { try self.receive($0) }))
                return
            } catch let error as PortError {
                let (received, validator) = state.withLock { ($0.received, $0.validator) }
                // Only what got further is worth another try here, and only where the server can say that
                // it is still the same file.
                guard case .unavailable = error, received > start, validator != nil,
                    resumptions < Self.mostResumptions
                else { throw error }
                resumptions += 1
            }
        }
    }

    private func request(from start: Int64) -> HTTPRequest {
        var headers = [(name: "Accept", value: "video/*, */*;q=0.5")]
        if start > 0, let validator = state.withLock({ $0.validator }) {
            headers += [("Range", "bytes=\(start)-"), ("If-Range", validator)]
        }
        return HTTPRequest(
            address, headers: headers, destination: .stranger(settings.policy),
            deadlines: .init(total: settings.deadline, stall: settings.stall))
    }

    private func accept(_ head: HTTPResponse, resumedAt start: Int64) throws -> Bool {
        guard head.isSuccess else {
            if head.isMomentary {
                throw PortError.unavailable("the server answered \(head.status)", retryAfter: head.retryAfter)
            }
            throw MediaError.fetchRefused("the server answered \(head.status)")
        }
        let type = head.header("content-type")?.lowercased() ?? ""
        guard !type.hasPrefix("text/html"), !type.hasPrefix("application/xhtml") else {
            throw MediaError.fetchRefused(
                "the address leads to a web page, and not to one whose videos are fetched")
        }
        let length = head.header("content-length").flatMap { Int64($0) }
        if head.status == 206 {
            guard start > 0, Self.rangeStart(head.header("content-range")) == start else {
                throw MediaError.fetchRefused("the server answered with another part than it was asked for")
            }
            return true
        }
        if let length, length > settings.limitBytes {
            throw MediaError.tooLarge(limitBytes: settings.limitBytes)
        }
        if start > 0 { try startAgain() }
        state.withLock { state in
            state.expected = length
            state.validator = Self.validator(of: head)
            state.filename = RemoteFilename.of(
                disposition: head.header("content-disposition"), address: head.url)
        }
        return true
    }

    /// The file changed, or the server does not resume: what was received is of no use.
    private func startAgain() throws {
        let writer = try media.open()
        let old = state.withLock { state in
            defer {
                state.writer = writer
                state.received = 0
                state.lastReport = -1
            }
            return state.writer
        }
        old.abandon()
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) throws {
        let (writer, received, expected) = state.withLock { state in
            state.received += Int64(bytes.count)
            return (state.writer, state.received, state.expected)
        }
        guard received <= settings.limitBytes else {
            throw MediaError.tooLarge(limitBytes: settings.limitBytes)
        }
        try writer.write(bytes)
        // One report for each percent, or for each mebibyte where nobody knows the whole.
        let step = max(1 << 20, (expected ?? 0) / 100)
        let isDue = state.withLock { state in
            guard received / step != state.lastReport || received == expected else { return false }
            state.lastReport = received / step
            return true
        }
        guard isDue else { return }
        let whole = expected.map { " of \($0 >> 20)" } ?? ""
        progress(
            expected.map { min(1, Double(received) / Double(max(1, $0))) } ?? 0,
            "downloading, \(received >> 20)\(whole) MiB")
    }

    /// What `If-Range` may carry (RFC 9110, section 13.1.5): a strong entity tag, else a date.
    private static func validator(of head: HTTPResponse) -> String? {
        if head.header("accept-ranges")?.lowercased() == "none" { return nil }
        if let tag = head.header("etag"), !tag.hasPrefix("W/") { return tag }
        return head.header("last-modified")
    }

    private static func rangeStart(_ field: String?) -> Int64? {
        // bytes 100-199/200
        guard let field, field.hasPrefix("bytes ") else { return nil }
        return Int64(field.dropFirst(6).prefix { $0 != "-" })
    }
}

import Application
import Domain
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Fetching files from addresses")
struct DirectDownloadTests {
    private static let video = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 37 >> 2) }

    @Test("C2: a file arrives whole, under the name it has there, with progress that ends at one")
    func whole() async throws {
        let server = ScriptedServer { _ in .answer(headers: [("Content-Type", "video/mp4")], body: Self.video)
        }
        try await withFetcher { fetcher, store in
            let reports = Mutex<[Double]>([])
            let fetched = try await fetcher.fetch(address: server.address + "/talks/My%20talk.mp4?x=1") {
                fraction, _ in reports.withLock { $0.append(fraction) }
            }
            #expect(fetched.filename == "My talk.mp4")
            #expect(fetched.file.bytes == Int64(Self.video.count))
            #expect(readFile(try #require(store.path(of: fetched.file.id))) == Self.video)
            let seen = reports.withLock { $0 }
            #expect(seen == seen.sorted() && seen.last == 1)
        }
    }

    @Test(
        "the server's name for a file is taken and made harmless",
        arguments: [
            ("attachment; filename=\"talk.mp4\"", "talk.mp4"),
            ("attachment; filename=talk.mp4; x=y", "talk.mp4"),
            ("inline; filename=\"a \\\"b\\\".mp4\"", "a _b_.mp4"),
            ("attachment; filename=\"../../x.mp4\"", "x.mp4"),
            ("attachment; filename=\"C:\\\\a\\\\b.mp4\"", "b.mp4"),
            ("attachment; filename=\"x.mp4\"; filename*=UTF-8''%E6%97%A5%20%C3%A9.mp4", "日 é.mp4"),
            ("attachment; filename*=UTF-8''%FF.mp4; filename=y.mp4", "y.mp4"), ("attachment", "path.mp4"),
            ("attachment; filename=\"\"", "path.mp4"), ("filename", "path.mp4"), (";;=;\"", "path.mp4"),
        ])
    func names(disposition: String, expected: String) async throws {
        let server = ScriptedServer { _ in
            .answer(headers: [("Content-Disposition", disposition)], body: [1])
        }
        try await withFetcher { fetcher, _ in
            let fetched = try await fetcher.fetch(address: server.address + "/a/path.mp4") { _, _ in }
            #expect(fetched.filename == expected)
        }
    }

    @Test("a body that breaks off is resumed where it ended")
    func resumed() async throws {
        let server = ScriptedServer { request in
            let headers = [("ETag", "\"v1\"")]
            guard let range = request.header("range"), request.header("if-range") == "\"v1\"",
                let start = Int(range.dropFirst(6).dropLast())
            else {
                return .cutOff(
                    headers: headers, body: Array(Self.video[..<400_000]), length: Self.video.count)
            }
            let rest = Array(Self.video[start...])
            let place =
                [("Content-Range", "bytes \(start)-\(Self.video.count - 1)/\(Self.video.count)")] + headers
            return start < 1_000_000
                ? .cutOff(status: 206, headers: place, body: Array(rest.prefix(700_000)), length: rest.count)
                : .answer(status: 206, headers: place, body: rest)
        }
        try await withFetcher { fetcher, store in
            let fetched = try await fetcher.fetch(address: server.address + "/talk.mp4") { _, _ in }
            #expect(readFile(try #require(store.path(of: fetched.file.id))) == Self.video)
            #expect(server.requests.map { $0.header("range") } == [nil, "bytes=400000-", "bytes=1100000-"])
        }
    }

    @Test("a file that changed while it was fetched is fetched anew")
    func changed() async throws {
        let count = Atomic(0)
        let server = ScriptedServer { _ in
            count.add(1, ordering: .relaxed).oldValue == 0
                ? .cutOff(headers: [("ETag", "\"v1\"")], body: [9, 9, 9], length: 10)
                : .answer(headers: [("ETag", "\"v2\"")], body: Self.video)
        }
        try await withFetcher { fetcher, store in
            let fetched = try await fetcher.fetch(address: server.address + "/talk.mp4") { _, _ in }
            #expect(readFile(try #require(store.path(of: fetched.file.id))) == Self.video)
        }
    }

    @Test("a part that nobody asked for is not passed off as the rest")
    func wrongPart() async throws {
        let server = ScriptedServer { request in
            request.header("range") == nil
                ? .cutOff(headers: [("ETag", "\"v1\"")], body: [1, 2, 3], length: 10)
                : .answer(status: 206, headers: [("Content-Range", "bytes 0-9/10")], body: [UInt8](0..<10))
        }
        await expectFailure("fetch_refused", from: server.address)
    }

    @Test(
        "what the server says decides whether trying again helps",
        arguments: [
            (400, "fetch_refused"), (401, "fetch_refused"), (403, "fetch_refused"), (404, "fetch_refused"),
            (410, "fetch_refused"), (304, "fetch_refused"), (501, "fetch_refused"), (408, "unavailable"),
            (429, "unavailable"), (500, "unavailable"), (503, "unavailable"),
        ])
    func statuses(status: Int, code: String) async throws {
        let server = ScriptedServer { _ in .answer(status: status, headers: [("Retry-After", "9")]) }
        await expectFailure(code, retryAfter: .seconds(9), from: server.address)
    }

    @Test("a web page is not a video")
    func webPage() async throws {
        let server = ScriptedServer { _ in .endless(headers: [("Content-Type", "Text/HTML; charset=utf-8")]) }
        await expectFailure("fetch_refused", from: server.address)
    }

    @Test("what is too large is not fetched, whether the server says so or not")
    func tooLarge() async throws {
        for reply in [
            ScriptedServer.Reply.endless(), .answer(body: Self.video),
            .cutOff(body: [1], length: 2_000_000),
        ] {
            let server = ScriptedServer { _ in reply }
            await expectFailure("payload_too_large", limitBytes: 1_000_000, from: server.address)
        }
    }

    @Test("silent, slow and rude servers are given up, to be tried again later")
    func gone() async throws {
        for reply in [
            ScriptedServer.Reply.silence, .hangUp, .endless(), .cutOff(body: [1, 2], length: 9),
        ] {
            let server = ScriptedServer { _ in reply }
            await expectFailure("unavailable", deadline: .milliseconds(300), from: server.address)
        }
        await expectFailure("unavailable", from: "http://127.0.0.1:1")
    }

    @Test(
        "addresses that are none are refused",
        arguments: [
            "", "talk.mp4", "file:///etc/passwd", "ftp://127.0.0.1/a", "http://", "http://a b/", "http:///x",
        ])
    func unsupported(address: String) async throws {
        await expectFailure("address_unsupported", from: address)
    }

    @Test("inside addresses and redirects to them are refused, and nothing is left of the try")
    func refused() async throws {
        let inner = ScriptedServer { _ in .answer(body: [1]) }
        let closed = WebSourceSettings(limitBytes: 1000, limitSeconds: 60)
        await expectFailure("address_refused", closed, from: inner.address)
        for target in [
            "http://127.0.0.2:\(inner.port)/", "http://[::ffff:169.254.169.254]/", "http://10.0.0.1/",
        ] {
            let outer = ScriptedServer { _ in .redirect(to: target) }
            await expectFailure("address_refused", from: outer.address)
        }
        #expect(inner.requests.isEmpty)
    }

    // MARK: - Helpers

    private func withFetcher(
        _ settings: WebSourceSettings = open(limitBytes: 1 << 30),
        _ body: (WebSourceFetcher, FileMediaStore) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let store = try FileMediaStore(
                folder: folder,
                identifiers: IdentifierMaker(clock: SystemClock(), random: SystemRandomSource()))
            try await body(WebSourceFetcher(settings: settings, media: store), store)
            #expect(temporaryFiles(folder).isEmpty)
        }
    }

    /// Settings under which the test's own servers may be connected to, and nothing else inside.
    private static func open(limitBytes: Int64, deadline: Duration = .seconds(60)) -> WebSourceSettings {
        WebSourceSettings(
            policy: AddressPolicy(allowed: [AddressRange("127.0.0.1")!]), limitBytes: limitBytes,
            limitSeconds: 60,
            deadline: deadline)
    }

    private func expectFailure(
        _ code: String, _ settings: WebSourceSettings? = nil, limitBytes: Int64 = 1 << 30,
        deadline: Duration = .seconds(60), retryAfter: Duration? = nil, from address: String,
        at location: SourceLocation = #_sourceLocation
    ) async {
        do {
            let settings = settings ?? Self.open(limitBytes: limitBytes, deadline: deadline)
            try await withFetcher(settings) { fetcher, store in
                do {
                    let fetched = try await fetcher.fetch(address: address) { _, _ in }
                    Issue.record("it was fetched: \(fetched)", sourceLocation: location)
                } catch let error as MediaError {
                    #expect(error.code == code, "\(error)", sourceLocation: location)
                } catch PortError.unavailable(let reason, let wait) {
                    #expect(code == "unavailable", "\(reason)", sourceLocation: location)
                    #expect(wait == retryAfter, sourceLocation: location)
                }
                #expect(store.files().isEmpty, sourceLocation: location)
            }
        } catch {
            Issue.record(error, sourceLocation: location)
        }
    }
}

import CZlib
import Glibc
import Presentation
import Synchronization
import Testing

@Suite("Answers that are packed")
struct CompressionTests {
    /// More than a kilobyte that packs well.
    private static let text = String(repeating: "the quick brown fox jumps over the lazy dog\n", count: 100)
    private static let long = (0..<60_000).map { "line \($0)" }.joined(separator: "\n")
    private static let tag = EntityTag("v1")

    private let service: Service

    init() {
        func route(
            _ path: String, _ access: Access<Void> = .open,
            _ answer: @escaping @Sendable (Call) async throws -> HTTPResponse
        ) -> Route {
            Route(
                .get, path, for: access,
                Operation(path, tag: "t", "T", responses: [ResponseDeclaration(.ok, "T.")])
            ) { call, _ in try await answer(call) }
        }
        let member = Access<Void>("read") { _ in }
        let routes = [
            route("/text", member) { _ in HTTPResponse(.ok, text: Self.text) },
            route("/long", member) { _ in HTTPResponse(.ok, text: Self.long) },
            route("/page") { _ in HTTPResponse(.ok, text: Self.text, type: "text/html; charset=utf-8") },
            route("/json") { _ in HTTPResponse(.ok, Array(Self.text.utf8), type: "application/vnd.a+json") },
            route("/small") { _ in HTTPResponse(.ok, text: String(repeating: "a", count: 1023)) },
            route("/enough") { _ in HTTPResponse(.ok, text: String(repeating: "a", count: 1024)) },
            route("/video") { _ in HTTPResponse(.ok, Array(Self.text.utf8), type: "video/mp4") },
            route("/secret", member) { _ in
                var response = HTTPResponse(.ok, text: Self.text)
                response.fields["Cache-Control"] = "no-store"
                return response
            },
            route("/cookie", member) { _ in
                var response = HTTPResponse(.ok, text: Self.text)
                response.fields["Set-Cookie"] = "a=b"
                return response
            },
            route("/refused") { _ in throw Problem(.malformedRequest, Self.text) },
            route("/events") { _ in
                HTTPResponse(
                    .ok, fields: ["Content-Type": "text/event-stream"], body: .events(EventChannel()))
            },
            route("/file", member) { call in
                let bytes = Array(Self.text.utf8)
                return await .content(
                    size: bytes.count, for: call.request, tag: Self.tag,
                    fields: ["Content-Type": "text/vtt"], refuse: call.refuse
                ) { .bytes(Array(bytes[$0])) }
            },
        ]
        service = Service(
            routes: routes, middleware: [Compression(of: routes)],
            problem: { $0 as? Problem ?? Problem(.internalError, "\($0)") })
    }

    private func get(
        _ path: String, _ accept: String? = "gzip", method: String = "GET", fields: HTTPFields = [:]
    ) async -> HTTPResponse {
        var fields = fields
        if let accept { fields["Accept-Encoding"] = accept }
        return await service.handle(HTTPRequest(method, path: path, fields: fields))
    }

    private func bytes(of response: HTTPResponse) throws -> [UInt8] {
        guard case .bytes(let bytes) = response.body else { throw NoBytes() }
        return bytes
    }

    private struct NoBytes: Error {}

    /// The bytes of an answer, unpacked by zlib.
    private func unpacked(_ response: HTTPResponse) throws -> String {
        var bytes: [UInt8] = []
        switch response.body {
        case .bytes(let all): bytes = all
        case .stream(let source, let length):
            #expect(length == nil)
            var piece = [UInt8](repeating: 0, count: 1000)
            while case let count = try piece.withUnsafeMutableBytes({ try source.read(into: $0) }), count > 0
            {
                bytes += piece[..<count]
            }
        default: Issue.record("there are no bytes")
        }
        var name = Array("/tmp/cutroom-gzip-XXXXXX".utf8CString)
        let file = mkstemp(&name)
        defer { unlink(name) }
        #expect(write(file, bytes, bytes.count) == bytes.count)
        lseek(file, 0, SEEK_SET)
        let reader = try #require(gzdopen(file, "rb"))
        defer { gzclose(reader) }
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = gzread(reader, &piece, UInt32(piece.count)), count > 0 {
            text += piece[..<Int(count)]
        }
        #expect(gzdirect(reader) == 0)
        return String(decoding: text, as: UTF8.self)
    }

    @Test("A54: text and JSON are packed for who wants it", arguments: ["/text", "/page", "/json"])
    func packed(path: String) async throws {
        let answer = await get(path)
        #expect(answer.fields["Content-Encoding"] == "gzip")
        #expect(answer.fields.values(of: "Vary") == ["Accept-Encoding"])
        #expect(try bytes(of: answer).count < Self.text.utf8.count / 5)
        #expect(try unpacked(answer) == Self.text)
        let again = await get(path)
        #expect(try unpacked(again) == Self.text)
    }

    @Test("A54: an answer of many bytes is packed while it is sent")
    func streamed() async throws {
        let answer = await get("/long")
        #expect(answer.fields["Content-Encoding"] == "gzip")
        #expect(try unpacked(answer) == Self.long)
    }

    @Test("A54: HEAD tells the same as GET")
    func head() async throws {
        let (whole, head) = (await get("/page"), await get("/page", method: "HEAD"))
        for name in ["Content-Encoding", "Vary", "Content-Type"] {
            #expect(whole.fields[name] == head.fields[name])
        }
        #expect(try bytes(of: whole) == bytes(of: head))
    }

    @Test(
        "A54: what is wanted is what Accept-Encoding weighs most",
        arguments: [
            ("gzip", true), ("GZIP", true), ("x-gzip", true), ("deflate, gzip;q=0.5, br", true),
            ("*", true), ("gzip;q=0", false), ("*;q=0", false), ("identity", false), ("", false),
            ("br, zstd", false), ("gzip;q=0.5, identity", false), ("gzip, identity;q=0.5", true),
            ("gzip;q=0, *", false), ("gzip;q=x", false), ("gzipped", false), ("identity;q=0, *;q=0.1", true),
        ])
    func negotiation(accept: String, isPacked: Bool) async throws {
        let answer = await get("/page", accept)
        #expect((answer.fields["Content-Encoding"] == "gzip") == isPacked)
        #expect(answer.fields["Vary"] == "Accept-Encoding")
        if !isPacked { #expect(answer.body.text == Self.text) }
    }

    @Test("A54: who says nothing gets plain bytes, and caches are told that there are others")
    func silent() async {
        let answer = await get("/page", nil)
        #expect(answer.body.text == Self.text && answer.fields["Vary"] == "Accept-Encoding")
    }

    @Test(
        "A54: what is small, no text, a secret or refused stays as it is",
        arguments: ["/small", "/video", "/secret", "/cookie", "/refused", "/events", "/nothing"])
    func plain(path: String) async {
        let answer = await get(path)
        #expect(!answer.fields.contains("Content-Encoding"))
        #expect(!answer.fields.contains("Vary"))
    }

    @Test("A54: a kilobyte is enough")
    func threshold() async {
        #expect(await get("/enough").fields["Content-Encoding"] == "gzip")
    }

    @Test("A54: what a browser asks for with its cookies stays as it is, but for what everyone sees")
    func cookies() async {
        let fields: HTTPFields = ["Cookie": "a=b"]
        #expect(await !get("/text", fields: fields).fields.contains("Content-Encoding"))
        #expect(await get("/page", fields: fields).fields["Content-Encoding"] == "gzip")
    }

    @Test("A54: a part is a part of the plain bytes, and so is all where a part was asked for")
    func ranges() async {
        let part = await get("/file", fields: ["Range": "bytes=4-8"])
        #expect(part.status == .partialContent && part.body.text == "quick")
        #expect(!part.fields.contains("Content-Encoding") && part.fields["ETag"] == "\"v1\"")
        let whole = await get("/file", fields: ["Range": "bytes=4-8", "If-Range": "\"other\""])
        #expect(whole.status == .ok && whole.body.text == Self.text)
    }

    @Test("A54: a packed answer has a weak tag, and either is found again")
    func tags() async {
        #expect(await get("/file").fields["ETag"] == "W/\"v1\"")
        #expect(await get("/file", nil).fields["ETag"] == "\"v1\"")
        for (known, told) in [
            ("W/\"v1\"", "W/\"v1\""), ("\"v1\"", "\"v1\""), ("\"v0\", W/\"v1\"", "W/\"v1\""),
        ] {
            let answer = await get("/file", fields: ["If-None-Match": known])
            #expect(answer.status == .notModified)
            #expect(answer.fields["ETag"] == told && answer.fields["Vary"] == "Accept-Encoding")
        }
        #expect(await get("/file", fields: ["If-None-Match": "\"v0\""]).status == .ok)
        // A weak tag names no bytes, so that a part of others is never put behind those that are there.
        #expect(await get("/file", fields: ["Range": "bytes=0-1", "If-Range": "W/\"v1\""]).status == .ok)
    }

    @Test("A54: an open page that changes is packed anew")
    func changing() async throws {
        let texts = Mutex([Self.text, Self.text + "more", Self.text])
        let route = Route(
            .get, "/page", for: .open,
            Operation("p", tag: "p", "P", responses: [ResponseDeclaration(.ok, "P.")])
        ) { _, _ in HTTPResponse(.ok, text: texts.withLock { $0.removeFirst() }) }
        let service = Service(
            routes: [route], middleware: [Compression(of: [route])],
            problem: { $0 as? Problem ?? Problem(.internalError, "\($0)") })
        for text in [Self.text, Self.text + "more", Self.text] {
            let answer = await service.handle(
                HTTPRequest("GET", path: "/page", fields: ["Accept-Encoding": "gzip"]))
            #expect(try unpacked(answer) == text)
        }
    }

    @Test("A54: the documentation is packed", arguments: ["/docs", "/openapi.json"])
    func documentation(path: String) async throws {
        let answer = await (try APIFixture()).api.service.handle(
            HTTPRequest("GET", path: path, fields: ["Accept-Encoding": "gzip, deflate", "Cookie": "a=b"]))
        #expect(answer.fields["Content-Encoding"] == "gzip")
        #expect(try unpacked(answer).utf8.count > 1024)
    }

    @Test("A54: an answer with a key is never packed")
    func keys() async throws {
        let people = People()
        let fixture = try APIFixture(
            authenticator: AccountAuthenticator(identify: people.identify), people: people)
        try await fixture.send(
            "POST", "/api/v1/auth/register",
            ["username": "ada", "email": "ada@example.org", "password": .string(People.password)])
        let grant = try await fixture.send(
            "POST", "/api/v1/auth/login", ["username": "ada", "password": .string(People.password)],
            fields: ["Accept-Encoding": "gzip"])
        #expect(grant.fields["Cache-Control"] == "no-store" && !grant.fields.contains("Content-Encoding"))
        let key = try await fixture.send(
            "POST", "/api/v1/api-keys", ["name": "ci", "scopes": ["tasks:read"]],
            fields: [
                "Authorization": "Bearer \(try #require(grant.json["access_token"]?.text))",
                "Accept-Encoding": "gzip",
            ])
        #expect(key.fields["Cache-Control"] == "no-store" && !key.fields.contains("Content-Encoding"))
    }
}

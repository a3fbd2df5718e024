import Glibc
import Presentation
import Testing

@Suite("Bodies of requests")
struct BodyTests {
    /// Bytes that look random and can be made twice.
    static func bytes(_ count: Int) -> [UInt8] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    /// FNV-1a, which depends on every byte and its place.
    static func hash(_ bytes: some Sequence<UInt8>, from start: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
        bytes.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    @Test("a body arrives whole", arguments: [0, 1, 4000, 65_536, 65_537, 300_000], [false, true])
    func wholeBody(size: Int, isChunked: Bool) async throws {
        let body = Self.bytes(size)
        try await withServer { request in
            let body = try? await request.body.collect(limit: 1 << 20)
            return HTTPResponse(.ok, body ?? [], type: "application/octet-stream")
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                // Twice, to see that the connection goes on behind it.
                for _ in 0..<2 {
                    try client.send("POST / HTTP/1.1\r\nHost: localhost\r\n")
                    if isChunked {
                        try client.send("Transfer-Encoding: chunked\r\n\r\n")
                        for start in stride(from: 0, to: size, by: 7000) {
                            let piece = Array(body[start..<min(size, start + 7000)])
                            try client.send("\(String(piece.count, radix: 16))\r\n")
                            try client.send(piece)
                            try client.send("\r\n")
                        }
                        try client.send("0\r\n\r\n")
                    } else {
                        try client.send("Content-Length: \(size)\r\n\r\n")
                        try client.send(body)
                    }
                    #expect(try client.response().body == body)
                }
            }
        }
    }

    @Test("a long upload is held back while its reader is busy, and nothing is lost")
    func backPressure() async throws {
        let body = Self.bytes(10 << 20)
        let gate = Report<Void>()
        let largest = Report<Int>()
        try await withServer { request in
            var hash = Self.hash([])
            var longest = 0
            await gate.next()
            while let piece = try? await request.body.next() {
                hash = Self.hash(piece, from: hash)
                longest = max(longest, piece.count)
            }
            largest(longest)
            return HTTPResponse(.ok, text: String(hash))
        } _: { port in
            async let answer = offPool {
                let client = try RawClient(port: port)
                try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n\r\n")
                try client.send(body)
                return try client.response().text
            }
            gate(())
            let text = try await answer
            #expect(text == String(Self.hash(body)))
            // One arrival more than the pipe holds is the most that ever waits.
            #expect(await largest.next() <= RequestBody.capacity + 64 * 1024)
        }
    }

    @Test("a client that expects it is told to continue once the handler wants the body")
    func continues() async throws {
        try await withServer { request in
            await Task.yield()
            let body = try? await request.body.collect(limit: 100)
            return HTTPResponse(.ok, body ?? [], type: "text/plain")
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
                #expect(try client.response().status == 100)
                try client.send("hello")
                #expect(try client.response().text == "hello")
            }
        }
    }

    @Test("a handler that refuses a body is answered before the client sends it")
    func refusalBeforeBody() async throws {
        try await withServer { _ in
            HTTPResponse(.unsupportedMediaType, text: "no")
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
                let response = try client.response()
                #expect(response.status == 415)
                #expect(response.fields["connection"]?.lowercased() == "close")
            }
        }
    }

    @Test("an answer given in the middle of an upload reaches the client behind it")
    func answerWithinUpload() async throws {
        try await withServer { request in
            _ = try? await request.body.next()
            return HTTPResponse(.unprocessableContent, text: "not media")
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n\r\n")
                try client.send([UInt8](repeating: 1, count: 5_000_000))
                #expect(try client.response().text == "not media")
                #expect(try client.get("/").status == 422)
            }
        }
    }

    @Test("a client that breaks off its upload interrupts the reader")
    func interruptedUpload() async throws {
        let outcome = Report<RequestBodyError?>()
        try await withServer {
            $0.bodyWindow = .milliseconds(200)
        } handler: { request in
            do throws(RequestBodyError) {
                while try await request.body.next() != nil {}
                outcome(nil)
            } catch {
                outcome(error)
            }
            return HTTPResponse(.ok)
        } _: { port in
            try await offPool {
                let client = try RawClient(port: port)
                try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\nhalf")
            }
            #expect(await outcome.next() == .interrupted)
        }
    }

    @Test("a form is read part by part while it arrives")
    func multipart() async throws {
        let file = Self.bytes(3 << 20)
        try await withServer { request in
            var seen: [String] = []
            guard let type = request.fields["Content-Type"].flatMap({ MediaType($0) }),
                var reader = MultipartReader(request.body, type: type)
            else { return HTTPResponse(.badRequest) }
            do {
                while let part = try await reader.nextPart() {
                    var hash = Self.hash([])
                    while let piece = try await reader.nextContent() { hash = Self.hash(piece, from: hash) }
                    seen.append("\(part.name) \(part.filename ?? "-") \(hash)")
                }
            } catch {
                seen.append("\(error)")
            }
            return HTTPResponse(.ok, text: seen.joined(separator: "\n"))
        } _: { port in
            try await offPool {
                let head =
                    "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nhi\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\nContent-Type: video/mp4\r\n\r\n"
                let body = Array(head.utf8) + file + Array("\r\n--b--\r\n".utf8)
                let client = try RawClient(port: port)
                try client.send(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                        + "Content-Length: \(body.count)\r\n\r\n")
                try client.send(body)
                #expect(
                    try client.response().text
                        == "title - \(Self.hash("hi".utf8))\nfile a.mp4 \(Self.hash(file))")
            }
        }
    }
}

@Suite("Files of the server")
struct FileTests {
    /// A file of known bytes that is gone when this is.
    final class TemporaryFile {
        let path: String
        let bytes: [UInt8]

        init(_ count: Int) {
            var template = Array("/tmp/cutroom-http-XXXXXX".utf8CString)
            let descriptor = mkstemp(&template)
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            bytes = BodyTests.bytes(count)
            _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
        }

        deinit {
            unlink(path)
        }
    }

    static let tag = EntityTag("v1")

    static func handler(_ path: String) -> HTTPHandler {
        { request in
            guard let file = OpenFile(path: path) else { return HTTPResponse(.notFound) }
            return await .file(
                file, for: request, tag: tag, fields: ["Content-Type": "video/mp4"], refuse: plainRefusal)
        }
    }

    @Test("a file is sent whole, in parts, and not again")
    func ranges() async throws {
        let file = TemporaryFile(1_000_000)
        let bytes = file.bytes
        try await withServer(handler: Self.handler(file.path)) { port in
            try await offPool {
                let client = try RawClient(port: port)
                let whole = try client.get("/")
                #expect(whole.status == 200 && whole.body == bytes)
                #expect(whole.fields["etag"] == "\"v1\"" && whole.fields["accept-ranges"] == "bytes")

                let part = try client.get("/", "Range: bytes=100-299")
                #expect(part.status == 206 && part.body == Array(bytes[100..<300]))
                #expect(part.fields["content-range"] == "bytes 100-299/1000000")
                let suffix = try client.get("/", "Range: bytes=-5")
                #expect(suffix.status == 206 && suffix.body == Array(bytes.suffix(5)))

                let behind = try client.get("/", "Range: bytes=1000000-")
                #expect(behind.status == 416 && behind.fields["content-range"] == "bytes */1000000")

                #expect(try client.get("/", "Range: bytes=0-9", "If-Range: \"v1\"").status == 206)
                #expect(try client.get("/", "Range: bytes=0-9", "If-Range: \"v0\"").status == 200)
                #expect(try client.get("/", "If-None-Match: \"v0\", \"v1\"").status == 304)
                #expect(try client.get("/", "If-Match: \"v0\"").status == 412)
                let modified = try #require(whole.fields["last-modified"])
                #expect(try client.get("/", "If-Modified-Since: \(modified)").status == 304)

                try client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-9\r\n\r\n")
                let head = try client.response(toHead: true)
                #expect(head.status == 200 && head.fields["content-length"] == "1000000")
                #expect(try client.get("/", "Range: bytes=0-0").body == [bytes[0]])
            }
        }
    }

    @Test("an empty file is an empty answer")
    func emptyFile() async throws {
        let file = TemporaryFile(0)
        try await withServer(handler: Self.handler(file.path)) { port in
            try await offPool {
                let client = try RawClient(port: port)
                #expect(try client.get("/").fields["content-length"] == "0")
                #expect(try client.get("/", "Range: bytes=0-").status == 416)
            }
        }
    }
}

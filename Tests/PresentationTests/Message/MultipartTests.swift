import Presentation
import Testing

@Suite("Multipart bodies")
struct MultipartTests {
    struct Part: Equatable {
        var name: String
        var filename: String?
        var type: String?
        var content: String
    }

    /// Reads all parts of a body that arrives in pieces of this size.
    func read(_ text: String, piece: Int, boundary: String = "XX") async throws -> [Part] {
        let body = RequestBody(declaredLength: nil) {}
        let type = try #require(MediaType("multipart/form-data; boundary=\(boundary)"))
        var reader = try #require(MultipartReader(body, type: type))
        let bytes = Array(text.utf8)
        let writing = Task {
            for start in stride(from: 0, to: bytes.count, by: piece) {
                bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { body.write($0) }
                await Task.yield()
            }
            body.finish()
        }
        defer { writing.cancel() }
        var parts: [Part] = []
        while let part = try await reader.nextPart() {
            var content: [UInt8] = []
            while let piece = try await reader.nextContent() { content += piece }
            parts.append(
                Part(
                    name: part.name, filename: part.filename, type: part.type,
                    content: String(decoding: content, as: UTF8.self)))
        }
        return parts
    }

    static let form =
        "a preamble\r\n--XX\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nhello\r\n-\r\n--X\r\n"
        + "--XX\r\ncontent-type: video/mp4\r\nContent-Disposition: form-data; name=file; filename=\"a.mp4\"\r\n\r\n"
        + "\r\n--XX\r\nContent-Disposition: form-data; name=last\r\n\r\nend\r\n--XX--\r\nan epilogue"

    @Test("parts are the same however the bytes arrive", arguments: [1, 2, 3, 7, 50, 10_000])
    func pieces(piece: Int) async throws {
        #expect(
            try await read(Self.form, piece: piece) == [
                Part(name: "title", content: "hello\r\n-\r\n--X"),
                Part(name: "file", filename: "a.mp4", type: "video/mp4", content: ""),
                Part(name: "last", content: "end"),
            ])
    }

    @Test("what a handler does not read is passed over")
    func unread() async throws {
        let type = try #require(MediaType("multipart/form-data; boundary=XX"))
        var reader = try #require(MultipartReader(RequestBody(Array(Self.form.utf8)), type: type))
        var names: [String] = []
        while let part = try await reader.nextPart() { names.append(part.name) }
        #expect(names == ["title", "file", "last"])
    }

    @Test(
        "a form may be empty, and end without a line break",
        arguments: ["--XX--", "--XX--\r\n", "\r\n--XX--"])
    func empty(text: String) async throws {
        #expect(try await read(text, piece: 3).isEmpty)
    }

    @Test(
        "what is no form is refused",
        arguments: [
            "", "text", "--XX", "--XX\r\n", "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nno end",
            "--XXY\r\n", "--XX\r\n\r\nno head\r\n--XX--",
            "--XX\r\nContent-Disposition: attachment\r\n\r\n\r\n--XX--",
            "--XX\r\nnonsense\r\n\r\n\r\n--XX--", "--XX\r\nX: " + String(repeating: "y", count: 9000),
        ])
    func malformed(text: String) async throws {
        await #expect(throws: MultipartError.malformed) { try await read(text, piece: 5) }
    }

    @Test(
        "another type, or one without a boundary, is no form",
        arguments: ["multipart/form-data", "text/plain; boundary=X"])
    func types(text: String) throws {
        #expect(MultipartReader(.empty, type: try #require(MediaType(text))) == nil)
    }
}

@Suite("Bodies and channels by themselves")
struct PipeTests {
    @Test("a body longer than the limit is refused by what it declares and by what comes")
    func collectLimit() async throws {
        await #expect(throws: RequestBodyError.tooLarge(limit: 3)) {
            try await RequestBody([1, 2, 3, 4]).collect(limit: 3)
        }
        let chunked = RequestBody(declaredLength: nil) {}
        [UInt8](repeating: 1, count: 4).withUnsafeBytes { chunked.write($0) }
        await #expect(throws: RequestBodyError.tooLarge(limit: 3)) { try await chunked.collect(limit: 3) }
        #expect(try await RequestBody([1, 2, 3]).collect(limit: 3) == [1, 2, 3])
    }

    @Test("a cancelled reader is interrupted")
    func cancelledReader() async throws {
        let body = RequestBody(declaredLength: 10) {}
        let reading = Task { try await body.next() }
        reading.cancel()
        await #expect(throws: RequestBodyError.interrupted) { try await reading.value }
    }

    @Test("a channel that overflows is closed, and tells so once")
    func overflow() {
        let channel = EventChannel(capacity: 10)
        let closings = Count(5)
        channel.onClose { _ = closings.take(1) }
        channel.attach(DeafOutlet())
        #expect(channel.send([UInt8](repeating: 1, count: 10)))
        #expect(!channel.send([1]))
        channel.close()
        #expect(channel.isClosed && closings.take(10) == 4)
        channel.onClose { _ = closings.take(1) }
        #expect(channel.read(into: UnsafeMutableRawBufferPointer(start: nil, count: 0)) == .broken)
    }

    @Test("what waited before anyone listened does not count, whatever of it is still to be sent")
    func early() {
        let channel = EventChannel(capacity: 10)
        for _ in 0..<100 { #expect(channel.send([UInt8](repeating: 1, count: 10))) }
        channel.attach(DeafOutlet())
        withUnsafeTemporaryAllocation(byteCount: 995, alignment: 1) { buffer in
            #expect(channel.read(into: buffer) == .bytes(995))
            #expect(channel.send([UInt8](repeating: 2, count: 10)))
            #expect(channel.read(into: buffer) == .bytes(15))
        }
        #expect(channel.send([UInt8](repeating: 3, count: 10)))
        #expect(!channel.send([4]))
    }

    @Test("events are read in pieces of any size", arguments: [1, 3, 100])
    func reading(size: Int) {
        let channel = EventChannel()
        channel.send(Array("first".utf8))
        channel.send([])
        channel.send(Array("second".utf8))
        channel.finish()
        #expect(!channel.send([1]))
        var text: [UInt8] = []
        withUnsafeTemporaryAllocation(byteCount: size, alignment: 1) { buffer in
            while case .bytes(let count) = channel.read(into: buffer) { text += buffer[..<count] }
            #expect(channel.read(into: buffer) == .end)
        }
        #expect(String(decoding: text, as: UTF8.self) == "firstsecond")
    }
}

/// A connection that takes nothing.
private final class DeafOutlet: EventOutlet {
    func wake() {}
    func cut() {}
}

import Application
import Domain
import Presentation
import Testing

@Suite("Clips over HTTP")
struct ClipAPITests {
    @Test("clips are listed and shown")
    func show() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        #expect(try await fixture.send("GET", task + "/clips").json == ["items": []])
        let clip = try await fixture.complete(task)
        let items = try await fixture.send("GET", task + "/clips").json["items"]?.elements
        #expect(items == [try await fixture.send("GET", clip).json])
        let other = try await fixture.order()
        #expect(try await fixture.send("GET", clip.replacing(task, with: other)).status == 404)
    }

    @Test("A27, C43: a clip's file is sent whole, in ranges, or not at all when the client has it")
    func file() async throws {
        let fixture = try APIFixture()
        let clip = try await fixture.complete(try await fixture.order())
        let whole = try await fixture.send("GET", clip + "/file")
        #expect(whole.status == 200)
        #expect(whole.fields["Content-Type"] == "video/mp4")
        #expect(whole.fields["Content-Disposition"] == "inline; filename=\"01-hello-there-vertical.mp4\"")
        let tag = try #require(whole.fields["ETag"])
        guard case .file(let file, let range) = whole.body else {
            Issue.record("no file")
            return
        }
        #expect(range == 0..<18 && file.size == 18)
        let part = try await fixture.send(
            "GET", clip + "/file?format=vertical", fields: ["Range": "bytes=4-9", "If-Range": tag])
        #expect(part.status == 206)
        #expect(part.fields["Content-Range"] == "bytes 4-9/18")
        let stale = try await fixture.send(
            "GET", clip + "/file", fields: ["Range": "bytes=4-9", "If-Range": "\"other\""])
        #expect(stale.status == 200)
        let outside = try await fixture.send("GET", clip + "/file", fields: ["Range": "bytes=18-"])
        #expect(outside.status == 416)
        #expect(outside.json["code"] == "range_not_satisfiable")
        #expect(outside.fields["Content-Range"] == "bytes */18")
        #expect(try await fixture.send("GET", clip + "/file", fields: ["If-None-Match": tag]).status == 304)
        #expect(try await fixture.send("HEAD", clip + "/file").status == 200)
        #expect(try await fixture.send("GET", clip + "/file?format=square").status == 404)
        #expect(try await fixture.send("GET", clip + "/file?format=round").status == 422)
    }

    @Test("a clip has a still picture and captions in its own times")
    func besides() async throws {
        let fixture = try APIFixture()
        let clip = try await fixture.complete(try await fixture.order())
        let still = try await fixture.send("GET", clip + "/thumbnail")
        #expect(still.fields["Content-Type"] == "image/jpeg")
        #expect(still.fields["Content-Disposition"] == "inline; filename=\"01-hello-there.jpg\"")
        let srt = try await fixture.send("GET", clip + "/captions.srt").body.text
        #expect(srt.contains("00:00:01,000 --> "))
        #expect(try await fixture.send("GET", clip + "/captions.vtt").body.text.hasPrefix("WEBVTT"))
    }

    @Test("C6: captions are fetched by ranges too", arguments: ["srt", "vtt"])
    func captionRanges(form: String) async throws {
        let fixture = try APIFixture()
        let address = try await fixture.complete(try await fixture.order()) + "/captions.\(form)"
        let whole = try await fixture.send("GET", address)
        #expect(whole.fields["Content-Disposition"] == "inline; filename=\"01-hello-there.\(form)\"")
        let tag = try #require(whole.fields["ETag"])
        let part = try await fixture.send(
            "GET", address, fields: ["Range": "bytes=2-5", "If-Range": tag])
        #expect(part.status == 206)
        #expect(part.body.text == String(whole.body.text.dropFirst(2).prefix(4)))
        #expect(try await fixture.send("GET", address, fields: ["If-None-Match": tag]).status == 304)
        #expect(try await fixture.send("GET", address, fields: ["Range": "bytes=9999-"]).status == 416)
    }

    @Test("an archive is taken up where it broke off")
    func archiveRanges() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        _ = try await fixture.complete(task)
        let whole = try await fixture.send("GET", task + "/clips.zip")
        let id = try fixture.id(of: task)
        #expect(whole.fields["Content-Disposition"] == "attachment; filename=\"clips-\(id).zip\"")
        let tag = try #require(whole.fields["ETag"])
        let part = try await fixture.send(
            "GET", task + "/clips.zip", fields: ["Range": "bytes=3-", "If-Range": tag])
        #expect(part.status == 206)
        #expect(part.fields["Content-Range"] == "bytes 3-26/27")
        guard case .stream(let source, let length) = part.body else {
            Issue.record("no stream")
            return
        }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = try bytes.withUnsafeMutableBytes { try source.read(into: $0) }
        #expect(count == length)
        #expect(String(decoding: bytes[..<count], as: UTF8.self) == "hello-there-vertical.mp4")
        let stale = try await fixture.send(
            "GET", task + "/clips.zip", fields: ["Range": "bytes=3-", "If-Range": "\"other\""])
        #expect(stale.status == 200)
        #expect(
            try await fixture.send("GET", task + "/clips.zip", fields: ["Range": "bytes=27-"]).status == 416)
        #expect(
            try await fixture.send("GET", task + "/clips.zip", fields: ["If-None-Match": tag]).status == 304)
    }

    @Test("all files come as one archive, once the task has ended")
    func archive() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        #expect(try await fixture.send("GET", task + "/clips.zip").json["code"] == "not_ready")
        _ = try await fixture.complete(task)
        let archive = try await fixture.send("GET", task + "/clips.zip")
        #expect(archive.fields["Content-Type"] == "application/zip")
        guard case .stream(let source, let length) = archive.body else {
            Issue.record("no stream")
            return
        }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = try bytes.withUnsafeMutableBytes { try source.read(into: $0) }
        #expect(count == length)
        #expect(String(decoding: bytes[..<count], as: UTF8.self) == "01-hello-there-vertical.mp4")
    }

    @Test("a clip that could not be rendered says why and has no file")
    func failed() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        let clip = try await fixture.complete(task)
        let id = try fixture.id(of: task)
        try await fixture.store.write { writer in
            let good = try writer.clips.all(of: id)[0]
            try writer.clipWriter.put(
                Clip(
                    id: good.id, task: id, rank: 1, highlight: good.highlight,
                    outcome: .failed(
                        TaskFailure(code: "program_failed", message: "ffmpeg broke.", stage: .rendering))))
        }
        let shown = try await fixture.send("GET", clip).json
        #expect(shown["error"]?["code"] == "program_failed")
        #expect(shown["thumbnail_url"] == nil as JSONValue)
        #expect(shown["formats"] == [])
        #expect(try await fixture.send("GET", clip + "/file").json["code"] == "not_ready")
        #expect(try await fixture.send("GET", clip + "/thumbnail").json["code"] == "not_ready")
        #expect(try await fixture.send("GET", task + "/clips.zip").json["code"] == "not_ready")
    }
}

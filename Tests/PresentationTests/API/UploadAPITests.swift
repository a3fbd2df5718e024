import Application
import Domain
import Presentation
import Testing

@Suite("Uploads over HTTP")
struct UploadAPITests {
    private static let type = "multipart/form-data; boundary=XX"

    private func form(_ parts: (name: String, filename: String?, content: String)...) -> [UInt8] {
        var text = ""
        for part in parts {
            let filename = part.filename.map { "; filename=\"\($0)\"" } ?? ""
            text +=
                "--XX\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(filename)\r\n\r\n\(part.content)\r\n"
        }
        return Array((text + "--XX--\r\n").utf8)
    }

    @Test(
        "C2: a file comes in by form, whichever of its two names the field has", arguments: ["file", "video"])
    func multipart(field: String) async throws {
        let fixture = try APIFixture()
        let answer = try await fixture.send(
            "POST", "/api/v1/uploads", bytes: form((field, "../../talk.mp4", "abc")),
            fields: ["Content-Type": Self.type])
        #expect(answer.status == 201)
        #expect(answer.json["filename"] == "talk.mp4")
        #expect(answer.json["bytes"] == 3)
        #expect(answer.json["kind"] == "video")
        #expect(
            answer.json["media"]
                == [
                    "duration": 60, "width": 1280, "height": 720, "fps": 29.97, "video_codec": "h264",
                    "audio_codec": "aac", "has_audio": true,
                    "captions": [["index": 2, "language": nil, "codec": "subrip"]],
                ])
        let task = try await fixture.send(
            "POST", "/api/v1/tasks", ["source": ["upload_id": answer.json["id"] ?? nil]])
        #expect(task.status == 201)
        #expect(task.json["source"]?["kind"] == "upload")
        #expect(task.json["source"]?["upload_id"] == answer.json["id"])
    }

    @Test(
        "C2: a file comes in as the bare body, with its name in Content-Disposition",
        arguments: ["video/mp4", "application/octet-stream", nil])
    func raw(type: String?) async throws {
        var fields: HTTPFields = ["Content-Disposition": "attachment; filename*=UTF-8''t%C3%A4lk.mp4"]
        fields["Content-Type"] = type
        let answer = try await APIFixture().send("POST", "/api/v1/uploads", bytes: [1, 2], fields: fields)
        #expect(answer.status == 201)
        #expect(answer.json["filename"] == "tälk.mp4")
    }

    @Test(
        "C24: captions come in by their name",
        arguments: [
            ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nHi\n"),
            ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n"),
            ("a.ASS", "[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,Hi\n"),
        ])
    func captions(filename: String, content: String) async throws {
        let answer = try await APIFixture(inspection: .failure(MediaError.notMedia("text"))).send(
            "POST", "/api/v1/uploads", bytes: Array(content.utf8),
            fields: ["Content-Disposition": "attachment; filename=\(filename)"])
        #expect(answer.status == 201)
        #expect(answer.json["kind"] == "captions")
        #expect(answer.json["media"] == nil as JSONValue)
    }

    @Test(
        "captions that cannot be read are refused at once",
        arguments: [("a.srt", "not captions"), ("a.vtt", "WEBVTT\n"), ("a.ass", "\u{1}\u{2}")])
    func unreadableCaptions(filename: String, content: String) async throws {
        let answer = try await APIFixture().send(
            "POST", "/api/v1/uploads", bytes: Array(content.utf8),
            fields: ["Content-Disposition": "attachment; filename=\(filename)"])
        #expect(answer.status == 422)
        #expect(answer.json["code"] == "captions_unreadable")
    }

    @Test(
        "what is no video is refused",
        arguments: [MediaError.notMedia("it is a picture"), .notMedia("it is text"), .truncated])
    func notMedia(error: MediaError) async throws {
        let answer = try await APIFixture(inspection: .failure(error)).send(
            "POST", "/api/v1/uploads", bytes: form(("file", "a.mp4", "x")),
            fields: ["Content-Type": Self.type])
        #expect(answer.status == 422)
        #expect(answer.json["code"] == "not_media")
    }

    @Test("an empty file is no video")
    func empty() async throws {
        let answer = try await APIFixture().send(
            "POST", "/api/v1/uploads", bytes: form(("file", "a.mp4", "")), fields: ["Content-Type": Self.type]
        )
        #expect(answer.json["code"] == "not_media")
    }

    @Test("a file beyond the limit is refused")
    func tooLarge() async throws {
        let answer = try await APIFixture(uploadLimit: 4).send(
            "POST", "/api/v1/uploads", bytes: form(("file", "a.mp4", "12345")),
            fields: ["Content-Type": Self.type])
        #expect(answer.status == 413)
        #expect(answer.json["code"] == "payload_too_large")
    }

    @Test("a form has one file and nothing else")
    func badForms() async throws {
        let fixture = try APIFixture()
        func faults(_ body: [UInt8]) async throws -> [String] {
            try await fixture.send(
                "POST", "/api/v1/uploads", bytes: body, fields: ["Content-Type": Self.type]
            ).faults
        }
        #expect(try await faults(form()) == ["/file required"])
        #expect(try await faults(form(("name", nil, "x"))) == ["/name unknown", "/file required"])
        #expect(try await faults(form(("file", "a", "x"), ("video", "b", "y"))) == ["/video repeated"])
    }

    @Test("a form of countless fields is refused before its end")
    func countlessFields() async throws {
        let parts = (0..<1000).map {
            "--XX\r\nContent-Disposition: form-data; name=\"field \($0)\"\r\n\r\n\r\n"
        }
        let answer = try await APIFixture().send(
            "POST", "/api/v1/uploads", bytes: Array((parts.joined() + "--XX--\r\n").utf8),
            fields: ["Content-Type": Self.type])
        #expect(answer.status == 422)
        #expect((1...20).contains(answer.faults.count))
    }

    @Test(
        "a page of another origin hands nothing in, whether it may read the answer or not",
        arguments: ["http://evil.example", "null", "http://localhost:9"])
    func foreignPage(origin: String) async throws {
        let fixture = try APIFixture()
        func fields(_ origin: String) -> HTTPFields {
            ["Content-Type": Self.type, "Host": "localhost:8080", "Origin": origin]
        }
        let body = form(("file", "talk.mp4", "abc"))
        let answer = try await fixture.send("POST", "/api/v1/uploads", bytes: body, fields: fields(origin))
        #expect(answer.status == 403)
        #expect(answer.json["code"] == "origin_not_allowed")
        let own = try await fixture.send(
            "POST", "/api/v1/uploads", bytes: body, fields: fields("http://localhost:8080"))
        #expect(own.status == 201)
        #expect(try await fixture.send("GET", "/api/v1/stats").json["uploads"] == 1)
    }

    @Test(
        "a form that cannot be read is malformed",
        arguments: ["", "--XX\r\n", "nonsense", "--XX\r\n\r\nx\r\n--XX--"])
    func malformed(body: String) async throws {
        let answer = try await APIFixture().send(
            "POST", "/api/v1/uploads", bytes: Array(body.utf8), fields: ["Content-Type": Self.type])
        #expect(answer.status == 400)
    }

    @Test("a form without a boundary is malformed")
    func noBoundary() async throws {
        let answer = try await APIFixture().send(
            "POST", "/api/v1/uploads", bytes: [1], fields: ["Content-Type": "multipart/form-data"])
        #expect(answer.status == 400)
    }

    @Test("a bare body without a name is refused, as is one of another type")
    func unnamed() async throws {
        let fixture = try APIFixture()
        let unnamed = try await fixture.send(
            "POST", "/api/v1/uploads", bytes: [1], fields: ["Content-Type": "video/mp4"])
        #expect(unnamed.faults == ["Content-Disposition required"])
        let json = try await fixture.send("POST", "/api/v1/uploads", ["a": 1])
        #expect(json.status == 415)
    }
}

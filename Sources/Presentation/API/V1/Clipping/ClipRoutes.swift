internal import Application
internal import Domain

/// Looking at clips and fetching their files.
struct ClipRoutes: Sendable {
    private let can: Capabilities

    init(_ capabilities: Capabilities) {
        can = capabilities
    }

    var all: [Route] { [list, show, file, thumbnail, captions(.srt), captions(.vtt), archive] }

    private static let files = [
        "getClipFile", "getClipThumbnail", "getClipCaptionsSRT", "getClipCaptionsVTT",
    ]

    private static func links(clip: String, to operations: [String]) -> [Link] {
        operations.map { Link(to: $0, [("id", "$request.path.id"), ("clip", clip)]) }
    }

    private var list: Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips", for: can.callers(.tasksRead),
            Operation(
                "listClips", tag: "clips", "List the clips of a task, best first",
                responses: [
                    .json(
                        .ok, "The clips so far.", ClipWire.list,
                        links: Self.links(clip: "$response.body#/items/0/id", to: ["getClip"] + Self.files))
                ]),
            Parameters.task
        ) { _, caller, id in
            let clips = try can.getTask(id, by: caller).clips.map { ClipWire.Shown(clip: $0, paths: nil) }
            return .json(.ok, ClipWire.list, clips, capacity: 1536 * (clips.count + 1))
        }
    }

    private var show: Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips/{clip}", for: can.callers(.tasksRead),
            Operation(
                "getClip", tag: "clips", "Show a clip",
                responses: [
                    .json(
                        .ok, "The clip.", ClipWire.clip,
                        links: Self.links(clip: "$response.body#/id", to: Self.files))
                ]),
            Parameters.task, Parameters.clip
        ) { _, caller, task, clip in
            .json(
                .ok, ClipWire.clip,
                ClipWire.Shown(clip: try can.getClip(clip, of: task, by: caller), paths: nil))
        }
    }

    private var file: Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips/{clip}/file", for: can.callers(.tasksRead),
            Operation(
                "getClipFile", tag: "clips", "Fetch a clip's file",
                responses: FileAnswer.responses("video/mp4", .binary("video/mp4")),
                problems: FileAnswer.problems),
            Parameters.task, Parameters.clip,
            Parameter<ClipFormat?>.query(
                "format", "Its shape; the first that was asked for when it is missing."),
            Parameters.range, Parameters.ifRange, Parameters.ifNoneMatch
        ) { call, caller, task, id, format, _, _, _ in
            let clip = try can.getClip(id, of: task, by: caller)
            let (rendition, path) = try can.getClip.rendition(of: clip, format: format)
            return try await FileAnswer("video/mp4", clip.filename(rendition.format))
                .response(to: call, path: path, hash: rendition.file.hash)
        }
    }

    private var thumbnail: Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips/{clip}/thumbnail", for: can.callers(.tasksRead),
            Operation(
                "getClipThumbnail", tag: "clips", "Fetch a still picture of a clip",
                responses: FileAnswer.responses("image/jpeg", .binary("image/jpeg")),
                problems: FileAnswer.problems),
            Parameters.task, Parameters.clip, Parameters.range, Parameters.ifRange, Parameters.ifNoneMatch
        ) { call, caller, task, id, _, _, _ in
            let clip = try can.getClip(id, of: task, by: caller)
            let (file, path) = try can.getClip.thumbnail(of: clip)
            return try await FileAnswer("image/jpeg", clip.filename(".jpg"))
                .response(to: call, path: path, hash: file.hash)
        }
    }

    private func captions(_ form: CaptionOutput) -> Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips/{clip}/captions.\(form.rawValue)", for: can.callers(.tasksRead),
            Operation(
                "getClipCaptions\(form.rawValue.uppercased())", tag: "clips",
                "Fetch a clip's captions as \(form.rawValue.uppercased())", doc: "In times of the clip.",
                responses: FileAnswer.responses(form.mediaType, .string()), problems: FileAnswer.problems),
            Parameters.task, Parameters.clip, Parameters.range, Parameters.ifRange, Parameters.ifNoneMatch
        ) { call, caller, task, id, _, _, _ in
            let clip = try can.getClip(id, of: task, by: caller)
            let transcript = Transcript(
                words: try can.getClip.words(of: clip, by: caller), language: nil, engine: "")
            let bytes = Array(transcript.file(as: form).utf8)
            let answer = FileAnswer("\(form.mediaType); charset=utf-8", clip.filename(".\(form.rawValue)"))
            return await answer.response(to: call, size: bytes.count, hash: can.digest(bytes)) { range in
                .bytes(Array(bytes[range]))
            }
        }
    }

    private var archive: Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips.zip", for: can.callers(.tasksRead),
            Operation(
                "getClipArchive", tag: "clips", "Fetch all files of all clips as one ZIP",
                doc: "It is made while it is sent.",
                responses: FileAnswer.responses("application/zip", .binary("application/zip")),
                problems: FileAnswer.problems),
            Parameters.task, Parameters.range, Parameters.ifRange, Parameters.ifNoneMatch
        ) { call, caller, id, _, _, _ in
            let entries = try can.getArchive(id, by: caller)
            let archive = ArchiveBytes(source: try can.archiver.archive(entries))
            let answer = FileAnswer("application/zip", "clips-\(id).zip", shown: "attachment")
            guard let length = archive.source.length else {
                return HTTPResponse(.ok, fields: answer.fields, body: .stream(archive, length: nil))
            }
            let hash = can.digest(Array(entries.map(\.version).joined(separator: "\n").utf8))
            return try await answer.response(to: call, size: Int(length), hash: hash) { range in
                try await archive.source.skip(Int64(range.lowerBound))
                return .stream(archive, length: range.count)
            }
        }
    }
}

/// How files are answered: under a name to save them as, by ranges, and only if they are new to the client.
private struct FileAnswer {
    let fields: HTTPFields

    /// - Parameter shown: Whether a browser is to show it (`inline`) or to save it (`attachment`).
    init(_ type: String, _ name: String, shown: String = "inline") {
        fields = ["Content-Type": type, "Content-Disposition": "\(shown); filename=\"\(name)\""]
    }

    func response(to call: Call, path: String, hash: ContentHash) async throws -> HTTPResponse {
        guard let file = OpenFile(path: path) else { throw NotFound.clip }
        return await .file(file, for: call.request, tag: tag(hash), fields: fields, refuse: call.refuse)
    }

    func response(
        to call: Call, size: Int, hash: ContentHash, body: (Range<Int>) async throws -> HTTPBody
    ) async rethrows -> HTTPResponse {
        try await .content(
            size: size, for: call.request, tag: tag(hash), fields: fields, refuse: call.refuse, body: body)
    }

    private func tag(_ hash: ContentHash) -> EntityTag { EntityTag(String(hash.hexadecimal.prefix(32))) }

    static let problems: [ProblemKind] = [.notReady, .rangeNotSatisfiable, .preconditionFailed]

    static func responses(_ type: String, _ schema: JSONSchema) -> [ResponseDeclaration] {
        let content = [BodyDeclaration.Content(type, schema)]
        return [
            ResponseDeclaration(.ok, "The whole file.", content, fields: [.entityTag, .disposition]),
            ResponseDeclaration(
                .partialContent, "The range that was asked for.", content,
                fields: [.entityTag, .disposition, .contentRange]),
            ResponseDeclaration(.notModified, "The client has it already.", fields: [.entityTag]),
        ]
    }
}

extension ArchiveEntry {
    /// What changes when the archive would.
    fileprivate var version: String { "\(name)\t\(path)\t\(bytes)\t\(modified.milliseconds)" }
}

/// The bytes of an archive, as responses are streamed.
struct ArchiveBytes: ByteSource {
    let source: any Application.ByteSource

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try source.read(into: buffer)
    }
}

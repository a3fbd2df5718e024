internal import Application
internal import Domain

/// Looking at clips and fetching their files.
struct ClipRoutes: Sendable {
    private let can: Capabilities

    init(_ capabilities: Capabilities) {
        can = capabilities
    }

    var all: [Route] { [list, show, file, thumbnail, captions(.srt), captions(.vtt), archive] }

    private var list: Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips",
            Operation(
                "listClips", tag: "clips", "List the clips of a task, best first",
                responses: [
                    .json(
                        .ok, "The clips so far.", ClipWire.list,
                        links: [
                            Link(
                                to: "getClip",
                                [("id", "$request.path.id"), ("clip", "$response.body#/items/0/id")])
                        ])
                ]),
            Parameters.task
        ) { _, id in
            let clips = try can.getTask(id).clips.map { ClipWire.Shown(clip: $0, paths: nil) }
            return .json(.ok, ClipWire.list, clips, capacity: 1536 * (clips.count + 1))
        }
    }

    private var show: Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips/{clip}",
            Operation(
                "getClip", tag: "clips", "Show a clip",
                responses: [
                    .json(
                        .ok, "The clip.", ClipWire.clip,
                        links: [
                            "getClipFile", "getClipThumbnail", "getClipCaptionsSRT", "getClipCaptionsVTT",
                        ]
                        .map {
                            Link(to: $0, [("id", "$request.path.id"), ("clip", "$response.body#/id")])
                        })
                ]),
            Parameters.task, Parameters.clip
        ) { _, task, clip in
            .json(.ok, ClipWire.clip, ClipWire.Shown(clip: try can.getClip(clip, of: task), paths: nil))
        }
    }

    private var file: Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips/{clip}/file",
            Operation(
                "getClipFile", tag: "clips", "Fetch a clip's file",
                responses: Self.fileResponses("video/mp4"),
                problems: [.notReady, .rangeNotSatisfiable, .preconditionFailed]),
            Parameters.task, Parameters.clip,
            Parameter<ClipFormat?>.query(
                "format", "Its shape; the first that was asked for when it is missing."),
            Parameters.range, Parameters.ifRange, Parameters.ifNoneMatch
        ) { call, task, clip, format, _, _, _ in
            let (rendition, path) = try can.getClip.rendition(of: clip, of: task, format: format)
            let name = try can.getClip(clip, of: task).filename(rendition.format)
            return try Self.answer(call, path: path, hash: rendition.file.hash, type: "video/mp4", name: name)
        }
    }

    private var thumbnail: Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips/{clip}/thumbnail",
            Operation(
                "getClipThumbnail", tag: "clips", "Fetch a still picture of a clip",
                responses: Self.fileResponses("image/jpeg"),
                problems: [.notReady, .rangeNotSatisfiable, .preconditionFailed]),
            Parameters.task, Parameters.clip, Parameters.range, Parameters.ifRange, Parameters.ifNoneMatch
        ) { call, task, clip, _, _, _ in
            let (file, path) = try can.getClip.thumbnail(of: clip, of: task)
            return try Self.answer(call, path: path, hash: file.hash, type: "image/jpeg", name: nil)
        }
    }

    private func captions(_ form: CaptionOutput) -> Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips/{clip}/captions.\(form.rawValue)",
            Operation(
                "getClipCaptions\(form.rawValue.uppercased())", tag: "clips",
                "Fetch a clip's captions as \(form.rawValue.uppercased())",
                responses: [
                    ResponseDeclaration(
                        .ok, "The captions, in times of the clip.",
                        [BodyDeclaration.Content(form.mediaType, .string())])
                ],
                problems: [.notReady]),
            Parameters.task, Parameters.clip
        ) { _, task, clip in
            let words = try can.getClip.words(of: clip, of: task)
            let transcript = Transcript(words: words, language: nil, engine: "")
            return .captions(transcript.file(as: form), form)
        }
    }

    private var archive: Route {
        Route(
            .get, "/api/v1/tasks/{id}/clips.zip",
            Operation(
                "getClipArchive", tag: "clips", "Fetch all files of all clips as one ZIP",
                responses: [
                    ResponseDeclaration(
                        .ok, "The archive, made while it is sent.",
                        [BodyDeclaration.Content("application/zip", .binary("application/zip"))],
                        fields: [.disposition])
                ],
                problems: [.notReady]),
            Parameters.task
        ) { _, id in
            let archive = ArchiveBytes(source: try can.archiver.archive(try can.getArchive(id)))
            return HTTPResponse(
                .ok,
                fields: [
                    "Content-Type": "application/zip",
                    "Content-Disposition": "attachment; filename=\"clips-\(id).zip\"",
                ],
                body: .stream(archive, length: archive.source.length.map { Int($0) }))
        }
    }

    private static func fileResponses(_ type: String) -> [ResponseDeclaration] {
        let content = [BodyDeclaration.Content(type, .binary(type))]
        return [
            ResponseDeclaration(.ok, "The whole file.", content, fields: [.entityTag]),
            ResponseDeclaration(
                .partialContent, "The range that was asked for.", content,
                fields: [.entityTag, .contentRange]),
            ResponseDeclaration(.notModified, "The client has it already.", fields: [.entityTag]),
        ]
    }

    private static func answer(
        _ call: Call, path: String, hash: ContentHash, type: String, name: String?
    ) throws -> HTTPResponse {
        guard let file = OpenFile(path: path) else { throw NotFound.clip }
        var fields: HTTPFields = ["Content-Type": type]
        if let name { fields["Content-Disposition"] = "inline; filename=\"\(name)\"" }
        return .file(
            file, for: call.request, tag: EntityTag(String(hash.hexadecimal.prefix(32))), fields: fields,
            refuse: call.refuse)
    }
}

/// The bytes of an archive, as responses are streamed.
private struct ArchiveBytes: ByteSource {
    let source: any Application.ByteSource

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try source.read(into: buffer)
    }
}

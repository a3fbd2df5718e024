internal import Application
internal import Domain

/// Handing in files.
struct UploadRoutes: Sendable {
    private let can: Capabilities

    init(_ capabilities: Capabilities) {
        can = capabilities
    }

    var all: [Route] { [create] }

    private var create: Route {
        Route(
            .post, "/api/v1/uploads", for: can.callers(.uploadsWrite),
            Operation(
                "createUpload", tag: "uploads", "Hand in a video, or captions for one",
                doc: """
                    Streamed to disk as it arrives. Either multipart/form-data with one file in the field `file` \
                    (or `video`), or the bytes themselves with `Content-Disposition: attachment; filename=…`. \
                    SRT, VTT and ASS files are taken as captions, by their names.
                    """,
                responses: [
                    .json(
                        .created, "The upload.", MediaWire.upload,
                        links: [
                            Link(
                                to: "createTask", body: ["source": ["upload_id": "$response.body#/id"]])
                        ])
                ],
                problems: [.notMedia, .mediaTooComplex, .captionsUnreadable, .conflict]
                    + can.storageRefusals),
            Self.disposition, body: Self.body
        ) { call, caller, disposition in
            let upload = try await receiveFile(call, by: caller, disposition: disposition)
            return .json(.created, MediaWire.upload, upload)
        }
    }

    private static let body = BodyDeclaration(
        "The file.",
        [
            BodyDeclaration.Content("multipart/form-data", .oneOf([form("file"), form("video")])),
            BodyDeclaration.Content("application/octet-stream", .binary("application/octet-stream")),
        ], isTypeChecked: false)

    private static func form(_ field: String) -> JSONSchema {
        .object([JSONSchema.Property(field, .binary("application/octet-stream"), required: true)])
    }

    private static let disposition = Parameter<ParameterizedValue?>.optional(
        .header, "Content-Disposition", .string(pattern: #"^attachment; filename="[A-Za-z0-9._-]{1,100}"$"#),
        "For a raw body: the file's name.", example: "attachment; filename=\"talk.mp4\"", default: nil
    ) { text in
        guard let value = ParameterizedValue(text), value.value == "attachment" || value.value == "inline",
            value.filename != nil
        else {
            return .failure(ParameterFault(.badFormat, "must be like attachment; filename=\"talk.mp4\""))
        }
        return .success(value)
    }

    private func receiveFile(
        _ call: Call, by caller: Caller, disposition: ParameterizedValue?
    ) async throws -> Upload {
        let type = call.request.fields["Content-Type"].flatMap { MediaType($0) }
        if let type, type.essence == "multipart/form-data" {
            guard var form = MultipartReader(call.request.body, type: type) else {
                throw Problem(.malformedRequest, "Content-Type names no boundary of 1–70 characters.")
            }
            return try await receiveForm(&form, by: caller, compose: call.compose)
        }
        guard let filename = disposition?.filename else {
            let isRaw = type.map { $0.type == "video" || $0.essence == "application/octet-stream" } ?? true
            guard isRaw else {
                throw Problem(
                    .unsupportedMediaType,
                    "Send multipart/form-data, or the bytes with Content-Disposition: attachment; filename=…."
                )
            }
            throw Problem(faults: [
                Fault(
                    .parameter("Content-Disposition"), .required, "must name the file: attachment; filename=…"
                )
            ])
        }
        var reception = try can.receiveUpload.begin(filename: Self.shown(call.compose(filename)), by: caller)
        while let bytes = try await call.request.body.next() {
            try bytes.withUnsafeBytes { try reception.append($0) }
        }
        return try await can.receiveUpload.finish(reception)
    }

    /// The faults of a form that are told: a body can have room for millions.
    private static let mostFaults = 20

    private func receiveForm(
        _ form: inout MultipartReader, by caller: Caller, compose: (String) -> String
    ) async throws -> Upload {
        var reception: ReceiveUpload.Reception?
        var faults: [Fault] = []
        while let part = try await form.nextPart() {
            guard faults.count < Self.mostFaults else { throw Problem(faults: faults) }
            guard part.name == "file" || part.name == "video" else {
                let pointer = JSONPointer.root.member(part.name).text
                faults.append(Fault(.body(pointer), .unknown, "known are: file, video"))
                continue
            }
            guard reception == nil else {
                faults.append(Fault(.body("/\(part.name)"), .repeated, "must be one file"))
                continue
            }
            var arriving = try can.receiveUpload.begin(
                filename: Self.shown(compose(part.filename ?? part.name)), by: caller)
            while let bytes = try await form.nextContent() {
                try bytes.withUnsafeBytes { try arriving.append($0) }
            }
            reception = arriving
        }
        if reception == nil { faults.append(Fault(.body("/file"), .required, "the file is missing")) }
        guard let reception, faults.isEmpty else { throw Problem(faults: faults) }
        return try await can.receiveUpload.finish(reception)
    }

    /// The last part of a path that a client may have sent, made harmless.
    private static func shown(_ filename: String) -> String {
        String(filename.split { $0 == "/" || $0 == "\\" }.last ?? "").safeFilename
    }
}

internal import Application
internal import Domain

/// How an order for clips comes in.
enum SubmissionWire {
    /// The order; `templates` are the names of the caption templates that there are.
    static func input(templates: [String]) -> JSONInput<SubmitVideoTask.Command> {
        let options = JSONInputField<OptionsWire.Wish>.optional(
            "options", OptionsWire.input(templates: templates), "What is wanted.", meaning: [:])
        return .object("TaskInput", "An order for clips of a source.", sourceField, titleField, options) {
            (source: Source, title: String?, wish: OptionsWire.Wish) throws(Faults) in
            SubmitVideoTask.Command(
                source: source.place, captions: source.captions, title: title, options: wish.options,
                leftOut: wish.leftOut)
        }
    }

    /// What `PATCH` takes.
    static let patch: JSONInput<String> = .object(
        "TaskPatch", "What is changed.",
        JSONInputField<String>.required(
            "title", SingleLine.input(VideoTask.titleLength).prose, "What people call it.",
            example: "Launch talk")
    ) { title throws(Faults) in title }

    private struct Source: Sendable {
        let place: VideoTask.Source
        let captions: Identifier<Upload>?
    }

    private static let titleField = JSONInputField<String?>.optional(
        "title", .nullable(SingleLine.input(VideoTask.titleLength).prose),
        "What people call it; the source's name when it is missing.", example: "Launch talk", default: nil)

    private static let sourceField = JSONInputField<Source>.required(
        "source", source, "Where the source comes from.",
        example: ["url": "https://example.org/talk.mp4"])

    private static let url = JSONInput<String>.text(
        length: 1...SourceAddress.greatestLength, pattern: #"^[hH][tT][tT][pP][sS]?://[A-Za-z0-9\[][!-~]*$"#
    ).checked { address in
        SourceAddress.isFetchable(address) && address.utf8.allSatisfy { $0 < 0x7F }
            ? nil : (.badFormat, SubmissionError.Fault.address.expectation)
    }

    private static let uploadID = JSONInput<Identifier<Upload>>(.identifier) { document, pointer, faults in
        guard case .string(let text) = document else {
            faults.append(.wrongType(document, at: pointer, expected: "a string"))
            return nil
        }
        // A malformed identifier is one under which nothing is; none ever begins at the very first moment.
        return Identifier<Upload>(text) ?? Identifier(high: 0, low: 0)
    }

    /// Either an address or an upload, and captions with both.
    private static let source: JSONInput<Source> = {
        let captionsID = JSONInputField<Identifier<Upload>?>.optional(
            "captions_upload_id", .nullable(uploadID), "An upload of captions for it.", default: nil)
        let byAddress: JSONInput<Source> = .object(
            "AddressSource", "A video at an address.",
            JSONInputField<String>.required(
                "url", url, "An http or https address.", example: "https://example.org/talk.mp4"),
            captionsID
        ) { url, captions throws(Faults) in Source(place: .address(url), captions: captions) }
        let byUpload: JSONInput<Source> = .object(
            "UploadSource", "A video that was handed in.",
            JSONInputField<Identifier<Upload>>.required("upload_id", uploadID, "The upload of a video."),
            captionsID
        ) { upload, captions throws(Faults) in Source(place: .upload(upload), captions: captions) }
        return JSONInput(.oneOf([byAddress.schema, byUpload.schema])) { document, pointer, faults in
            guard let object = document.object else {
                faults.append(.wrongType(document, at: pointer, expected: "an object"))
                return nil
            }
            switch (object["url"] != nil, object["upload_id"] != nil) {
            case (true, false): return byAddress.decode(document, pointer, &faults)
            case (false, true): return byUpload.decode(document, pointer, &faults)
            case (true, true):
                faults.append(Fault(.body(pointer.text), .contradiction, "takes either url or upload_id"))
            case (false, false):
                faults.append(Fault(.body(pointer.text), .required, "needs url or upload_id"))
            }
            return nil
        }
    }()
}

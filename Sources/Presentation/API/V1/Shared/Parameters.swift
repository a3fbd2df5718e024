internal import Application
internal import Domain

/// The parameters that several routes share.
enum Parameters {
    static let task: Parameter<Identifier<VideoTask>> = identifier("id", "The task.")
    static let clip: Parameter<Identifier<Clip>> = identifier("clip", "The clip.")
    static let job: Parameter<Identifier<Job>> = identifier("id", "The job.")
    static let session: Parameter<Identifier<Session>> = identifier("id", "The session.")
    static let webhook: Parameter<Identifier<Webhook>> = identifier("id", "The webhook.")
    static let delivery: Parameter<Identifier<WebhookDelivery>> = identifier("delivery", "The delivery.")
    static let apiKey: Parameter<Identifier<APIKey>> = identifier("id", "The key.")
    static let user: Parameter<Identifier<User>> = identifier("id", "The user.")
    static let invitation: Parameter<Identifier<Invitation>> = identifier("id", "The invitation.")

    private static func identifier<Subject>(_ name: String, _ doc: String) -> Parameter<Identifier<Subject>> {
        .path(name, .identifier, doc) { Identifier<Subject>($0) }
    }

    /// How many items a page has.
    static func limit() -> Parameter<Int> {
        .query(
            "limit", PageSize.range, "How many items the page has at most.", default: PageSize.usual)
    }

    /// Where a page starts.
    static func cursor<Subject>() -> Parameter<Identifier<Subject>?> {
        .optional(
            .query, "cursor", .cursor, "Where the page starts: the next_cursor of the page before.",
            default: nil
        ) { text in
            guard let id: Identifier<Subject> = Cursor.decode(text) else {
                return .failure(ParameterFault(.badFormat, "must be a next_cursor as it was answered"))
            }
            return .success(id)
        }
    }

    /// By which a repeated request is recognised.
    static let idempotencyKey = Parameter<String?>.optional(
        .header, "Idempotency-Key",
        .string(pattern: #"^("[ !#-\[\]-~]{1,255}"|[!#-~]([ -~]{0,253}[!-~])?)$"#),
        """
        Makes the request safe to repeat: for 24 hours the same key, quoted or bare, with the same body gets the \
        same answer again.
        """, example: "order-1", default: nil
    ) { text in
        let isQuoted = text.utf8.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
        let key = isQuoted ? String(text.dropFirst().dropLast()) : text
        let isPlain = key.utf8.allSatisfy {
            (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") || !isQuoted && $0 == UInt8(ascii: "\"")
        }
        guard (1...255).contains(key.utf8.count), isPlain, isQuoted || key.utf8.first != UInt8(ascii: "\"")
        else {
            return .failure(
                ParameterFault(.badFormat, "must be 1–255 printable ASCII characters, quoted or bare"))
        }
        return .success(key)
    }

    /// The last notice that a client knows.
    static let lastEventID = Parameter<Int64?>.optional(
        .header, "Last-Event-ID", .string(pattern: "^[0-9]{1,18}$"),
        "The id of the last event that the client knows; it gets what came after.", default: nil
    ) { text in
        // Int64 takes a sign as well.
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text) else {
            return .failure(ParameterFault(.badFormat, "must be the id of an event"))
        }
        return .success(number)
    }

    /// Whether an export holds files too.
    static let files = Parameter<Bool>.optional(
        .query, "files", .boolean, "Whether the files of uploads and clips are in it.", default: false
    ) { text in
        switch text {
        case "true": .success(true)
        case "false": .success(false)
        default: .failure(ParameterFault(.wrongType, "must be true or false"))
        }
    }

    /// The conditions and ranges of files, which the answering of files reads itself.
    static let range = header("Range", "A range of bytes (RFC 9110, section 14).", example: "bytes=0-1023")
    static let ifRange = header("If-Range", "The ETag that the range belongs to.")
    static let ifNoneMatch = header("If-None-Match", "ETags that the client has.")

    private static func header(_ name: String, _ doc: String, example: JSONValue? = nil) -> Parameter<String?>
    {
        .optional(.header, name, .string(), doc, example: example, default: nil) { .success($0) }
    }
}

extension HTTPResponse {
    /// Answers with JSON.
    static func json<Value>(
        _ status: HTTPStatus, _ output: JSONOutput<Value>, _ value: Value, capacity: Int = 1024
    ) -> HTTPResponse {
        HTTPResponse(status, output.encode(value, capacity: capacity), type: "application/json")
    }
}

extension FieldDeclaration {
    static let location = FieldDeclaration("Location", .address, "Where what was made is found.")
    static let entityTag = FieldDeclaration("ETag", .string(), "The version of the file.")
    static let contentRange = FieldDeclaration("Content-Range", .string(), "Which bytes these are.")
    static let disposition = FieldDeclaration("Content-Disposition", .string(), "A name to save it under.")
}

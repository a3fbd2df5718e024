import Domain

/// A language model behind an address: given instructions and material it answers with JSON.
package protocol LanguageModel: Sendable {
    /// A stable name, such as `openai`.
    var name: String { get }
    /// The address and the model's name there; holds no secret.
    var settings: String { get }
    /// What the model answers, as the text of a JSON object.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when it fails, is busy or answers nonsense,
    ///   ``ProviderRefused`` when it refuses for good.
    func answer(_ question: ModelQuestion) async throws -> String
}

/// What a language model is asked.
package struct ModelQuestion: Sendable {
    /// What it is to do: our own words.
    let instructions: String
    /// What it is to do it with: other people's words, which are never instructions.
    let material: String
}

/// Which model at which server.
package struct ModelConfiguration: Sendable {
    /// Where the server is, version included, such as `http://127.0.0.1:11434/v1`.
    package var address: ProviderAddress
    /// The model's name there.
    package var model: String
    /// How long one answer may take.
    package var deadline: Duration

    /// Which model at which server.
    package init(address: ProviderAddress, model: String, deadline: Duration = .seconds(300)) {
        self.address = address
        self.model = model
        self.deadline = deadline
    }

    /// The address and the model, as part of a cache key.
    var identity: String { "\(address.base)|\(model)" }

    func request(_ path: String, headers: [(name: String, value: String)], body: JSONValue) throws
        -> HTTPRequest
    {
        HTTPRequest(
            address.url(path), method: "POST", headers: headers,
            body: .bytes(try body.encoded(), type: "application/json"), destination: .configured,
            deadlines: .init(total: deadline))
    }
}

/// The form in which highlights are asked for, as JSON Schema.
enum HighlightSchema {
    static let name = "highlights"
    static let summary = "Reports the moments of a recording that are worth sharing."

    /// The schema; the dialect of Gemini knows no `additionalProperties`, strict OpenAI demands it.
    static func schema(closed: Bool) -> JSONValue {
        func object(_ properties: [String: JSONValue]) -> JSONValue {
            var schema: [String: JSONValue] = [
                "type": "object", "properties": .object(properties),
                "required": .array(properties.keys.sorted().map(JSONValue.string)),
            ]
            if closed { schema["additionalProperties"] = false }
            return .object(schema)
        }
        let points: JSONValue = ["type": "integer", "description": "0 to 25"]
        let hooks = HookType.allCases.map { JSONValue.string($0.rawValue) }
        return object([
            "highlights": [
                "type": "array",
                "items": object([
                    "start": ["type": "number", "description": "Seconds at which its first line starts"],
                    "end": ["type": "number", "description": "Seconds at which its last line ends"],
                    "quote": ["type": "string", "description": "Its first 8 to 12 words, copied exactly"],
                    "title": ["type": "string", "description": "A headline of 3 to 9 words"],
                    "hook": points, "engagement": points, "value": points, "shareability": points,
                    "hook_type": ["type": "string", "enum": .array(hooks)],
                    "reasoning": ["type": "string", "description": "One sentence"],
                ]),
            ],
            "summary": ["type": "string", "description": "Two or three sentences"],
            "key_topics": ["type": "array", "items": ["type": "string"]],
        ])
    }
}

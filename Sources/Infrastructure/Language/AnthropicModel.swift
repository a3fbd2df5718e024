import Application

/// Anthropic's `/messages`, which answers by calling a tool whose input has the wanted form.
package struct AnthropicModel: LanguageModel {
    /// The version of the interface that is spoken.
    private static let version = "2023-06-01"
    /// The most tokens of an answer.
    private static let mostTokens = 8_192

    /// Its stable name.
    package let name = "anthropic"
    private let configuration: ModelConfiguration
    private let client: any HTTPExchange

    /// The model at that server.
    package init(_ configuration: ModelConfiguration, client: any HTTPExchange) {
        self.configuration = configuration
        self.client = client
    }

    /// The address and the model.
    package var settings: String { configuration.identity }

    /// What the model answers.
    package func answer(_ question: ModelQuestion) async throws -> String {
        let request = try configuration.request(
            "/messages",
            headers: (configuration.address.key.map { [("x-api-key", $0)] } ?? [])
                + [("anthropic-version", Self.version)],
            body: [
                "model": .string(configuration.model),
                "max_tokens": .number(Double(Self.mostTokens)),
                "system": .string(question.instructions),
                "messages": [["role": "user", "content": .string(question.material)]],
                "tools": [
                    [
                        "name": .string(HighlightSchema.name),
                        "description": .string(HighlightSchema.summary),
                        "input_schema": HighlightSchema.schema(closed: true),
                    ]
                ],
                "tool_choice": ["type": "tool", "name": .string(HighlightSchema.name)],
            ])
        let answer = try await client.send(request).decoded(Answer.self, from: name)
        if let input = answer.content.lazy.compactMap(\.input).first {
            return String(decoding: try input.encoded(), as: UTF8.self)
        }
        let text = answer.content.compactMap(\.text).joined()
        guard !text.isEmpty else { throw PortError.unavailable("anthropic answers with nothing") }
        return text
    }

    private struct Answer: Decodable {
        struct Block: Decodable {
            let text: String?
            let input: JSONValue?
        }
        let content: [Block]
    }
}

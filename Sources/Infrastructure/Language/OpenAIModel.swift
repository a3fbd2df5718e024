import Application
import FoundationEssentials
import Synchronization

/// Any server that speaks OpenAI's `/chat/completions`: OpenAI, OpenRouter, Ollama, llama.cpp, vLLM.
package final class OpenAIModel: LanguageModel {
    /// How the form of the answer is asked for; not every server knows the strictest way.
    private enum AnswerForm: Int {
        case schema, object, words

        var field: JSONValue? {
            switch self {
            case .schema:
                [
                    "type": "json_schema",
                    "json_schema": [
                        "name": .string(HighlightSchema.name), "strict": true,
                        "schema": HighlightSchema.schema(closed: true),
                    ],
                ]
            case .object: ["type": "json_object"]
            case .words: nil
            }
        }
    }

    /// Its stable name.
    package let name = "openai"
    private let configuration: ModelConfiguration
    private let client: any HTTPExchange
    /// The strictest form that this server has not refused so far.
    private let form = Mutex(AnswerForm.schema)

    /// The model at that server.
    package init(_ configuration: ModelConfiguration, client: any HTTPExchange) {
        self.configuration = configuration
        self.client = client
    }

    /// The address and the model.
    package var settings: String { configuration.identity }

    /// What the model answers.
    package func answer(_ question: ModelQuestion) async throws -> String {
        while true {
            let asked = form.withLock { $0 }
            let response = try await client.send(request(question, form: asked))
            if response.status == 400 || response.status == 422,
                let next = AnswerForm(rawValue: asked.rawValue + 1)
            {
                form.withLock { $0 = next }
                continue
            }
            let answer = try response.decoded(Answer.self, from: name)
            guard let text = answer.choices.first?.message.content else {
                throw PortError.unavailable("openai answers with nothing")
            }
            return text
        }
    }

    private func request(_ question: ModelQuestion, form: AnswerForm) throws -> HTTPRequest {
        // Without a way to demand the form it is described in words.
        let described =
            form == .schema
            ? ""
            : "\n\nThe form, as JSON Schema: "
                + String(decoding: try HighlightSchema.schema(closed: true).encoded(), as: UTF8.self)
        var body: [String: JSONValue] = [
            "model": .string(configuration.model),
            "messages": [
                ["role": "system", "content": .string(question.instructions + described)],
                ["role": "user", "content": .string(question.material)],
            ],
        ]
        body["response_format"] = form.field
        return try configuration.request(
            "/chat/completions", headers: configuration.address.bearer, body: .object(body))
    }

    private struct Answer: Decodable {
        struct Choice: Decodable {
            struct Message: Decodable { let content: String? }
            let message: Message
        }
        let choices: [Choice]
    }
}

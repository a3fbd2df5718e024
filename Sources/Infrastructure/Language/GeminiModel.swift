import Application

/// Gemini's `generateContent`.
package struct GeminiModel: LanguageModel {
    /// Its stable name.
    package let name = "gemini"
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
            "/models/\(configuration.model):generateContent",
            headers: configuration.address.key.map { [("x-goog-api-key", $0)] } ?? [],
            body: [
                "systemInstruction": ["parts": [["text": .string(question.instructions)]]],
                "contents": [["role": "user", "parts": [["text": .string(question.material)]]]],
                "generationConfig": [
                    "responseMimeType": "application/json",
                    "responseSchema": HighlightSchema.schema(closed: false),
                ],
            ])
        let answer = try await client.send(request).decoded(Answer.self, from: name)
        if let reason = answer.promptFeedback?.blockReason {
            throw PortError.unavailable("gemini blocks this transcript: \(reason)")
        }
        let text = (answer.candidates?.first?.content?.parts ?? []).compactMap(\.text).joined()
        guard !text.isEmpty else { throw PortError.unavailable("gemini answers with nothing") }
        return text
    }

    private struct Answer: Decodable {
        struct Candidate: Decodable {
            struct Content: Decodable {
                struct Part: Decodable { let text: String? }
                let parts: [Part]?
            }
            let content: Content?
        }
        struct Feedback: Decodable { let blockReason: String? }
        let candidates: [Candidate]?
        let promptFeedback: Feedback?
    }
}

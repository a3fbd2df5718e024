import Application
import Domain
import FoundationEssentials

/// What went wrong with a provider for good: the request, the key or the plan, not the moment.
package struct ProviderRefused: CodedError, Equatable {
    /// The provider's name.
    package let provider: String
    /// The status code.
    package let status: Int
    /// What the provider says about it, shortened.
    package let detail: String

    /// The stable code.
    package var code: String { "provider_refused" }

    /// What was wrong and what to do.
    package var explanation: String {
        "\(provider) refused with status \(status)\(detail.isEmpty ? "" : ": \(detail)"). "
            + "Check its address, key and model."
    }

    /// A refusal by a provider.
    package init(provider: String, status: Int, detail: String) {
        self.provider = provider
        self.status = status
        self.detail = detail
    }
}

extension HTTPResponse {
    /// The longest part of a provider's own words that is kept, in characters.
    private static let mostDetail = 200

    /// Throws unless the status is 2xx.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when the same request may succeed later,
    ///   ``ProviderRefused`` when it will not.
    package func requireSuccess(from provider: String) throws {
        if isSuccess { return }
        guard isMomentary else { throw ProviderRefused(provider: provider, status: status, detail: detail) }
        throw PortError.unavailable("\(provider) answers with status \(status)", retryAfter: retryAfter)
    }

    /// The body as the JSON that the provider documents.
    ///
    /// - Throws: As ``requireSuccess(from:)``; ``PortError/unavailable(_:retryAfter:)`` for anything else than
    ///   that JSON.
    package func decoded<Value: Decodable>(_ type: Value.Type = Value.self, from provider: String) throws
        -> Value
    {
        try requireSuccess(from: provider)
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw PortError.unavailable("\(provider) answers something else than it documents")
        }
    }

    /// The error text of a provider: `{"error": "…"}` or `{"error": {"message": "…"}}`, else nothing.
    package var detail: String {
        struct Answer: Decodable {
            struct Nested: Decodable { let message: String? }
            let text: String?

            enum CodingKeys: String, CodingKey { case error, message }

            init(from decoder: any Decoder) throws {
                let fields = try decoder.container(keyedBy: CodingKeys.self)
                text =
                    (try? fields.decode(String.self, forKey: .error))
                    ?? (try? fields.decode(Nested.self, forKey: .error))?.message
                    ?? (try? fields.decode(String.self, forKey: .message))
            }
        }
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(body))
        return String((answer?.text ?? "").spacesCollapsed.prefix(Self.mostDetail))
    }
}

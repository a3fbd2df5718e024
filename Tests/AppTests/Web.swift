import Infrastructure
import Synchronization

/// What the tests ask of a server.
enum Web {
    static let client = HTTPClient()

    static func get(_ url: String) async throws -> HTTPResponse {
        try await client.send(HTTPRequest(url, destination: .configured), bodyLimit: 256 << 20)
    }

    static func post(_ url: String, _ body: HTTPRequest.Body) async throws -> HTTPResponse {
        try await client.send(HTTPRequest(url, method: "POST", body: body, destination: .configured))
    }

    /// Calls the API as a program does that may have a token or a key.
    static func call(
        _ url: String, method: String = "GET", json: String? = nil, token: String? = nil
    ) async throws -> HTTPResponse {
        try await client.send(
            HTTPRequest(
                url, method: method,
                headers: token.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? [],
                body: json.map { HTTPRequest.Body.bytes(Array($0.utf8), type: "application/json") }
                    ?? HTTPRequest.Body.none,
                destination: .configured))
    }

    /// Follows a task's events until one satisfies `isEnough`, or they end.
    static func events(
        of task: String, at address: String, until isEnough: @escaping @Sendable (String) -> Bool
    )
        async throws
    {
        let request = HTTPRequest(
            "\(address)/api/v1/tasks/\(task)/events", destination: .configured,
            deadlines: .init(total: .seconds(300)))
        let seen = Mutex("")
        let receiver = HTTPReceiver { bytes in
            let text = seen.withLock { seen in
                seen += String(decoding: bytes, as: UTF8.self)
                return seen
            }
            if isEnough(text) { throw Enough() }
        }
        do {
            _ = try await client.receive(request, with: receiver)
        } catch is Enough {
            return
        }
    }

    private struct Enough: Error {}
}

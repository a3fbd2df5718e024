import FoundationEssentials
import Infrastructure
import Synchronization
import Testing

extension Web {
    /// A task, as far as tests look at it.
    struct Task: Decodable {
        struct Failure: Decodable { let code: String }
        struct Clip: Decodable { let rank: Int }
        let id: String
        let status: String
        let stage: String?
        let message: String
        let error: Failure?
        let attempts: Int
        let clips: [Clip]
    }

    /// Hands a file in.
    ///
    /// - Returns: The upload's identifier.
    static func upload(_ path: String, type: String = "video/mp4", at address: String) async throws -> String
    {
        struct Upload: Decodable { let id: String }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let answer = try await post(
            address + "/api/v1/uploads", .form([.init("file", .file(path: path, filename: name, type: type))])
        )
        try #require(answer.status == 201, "\(String(decoding: answer.body, as: UTF8.self))")
        return try JSONDecoder().decode(Upload.self, from: Data(answer.body)).id
    }

    /// Orders clips.
    ///
    /// - Parameters:
    ///   - source: The field `source`, as JSON.
    ///   - options: The field `options`, as JSON.
    /// - Returns: The task's identifier.
    static func order(_ source: String, options: String, at address: String) async throws -> String {
        let answer = try await post(
            address + "/api/v1/tasks",
            .bytes(Array(#"{"source":\#(source),"options":\#(options)}"#.utf8), type: "application/json"))
        try #require(answer.status == 201, "\(String(decoding: answer.body, as: UTF8.self))")
        return try JSONDecoder().decode(Task.self, from: Data(answer.body)).id
    }

    static func task(_ id: String, at address: String) async throws -> Task {
        let answer = try await get("\(address)/api/v1/tasks/\(id)")
        try #require(answer.status == 200)
        return try JSONDecoder().decode(Task.self, from: Data(answer.body))
    }

    /// One message of a task's stream.
    struct Message: Sendable, Equatable {
        /// Nil for progress.
        let id: Int?
        let event: String
        let data: String
    }

    /// Follows a task until its stream says something that is enough, or ends.
    ///
    /// - Parameter last: The number of the last message that is known from before.
    /// - Returns: What the stream said.
    static func follow(
        _ task: String, at address: String, after last: Int? = nil,
        until isEnough: @escaping @Sendable (Message) -> Bool = { $0.event == "close" }
    ) async throws -> [Message] {
        struct Enough: Error {}
        let request = HTTPRequest(
            "\(address)/api/v1/tasks/\(task)/events",
            headers: last.map { [(name: "Last-Event-ID", value: "\($0)")] } ?? [],
            destination: .configured, deadlines: .init(total: .seconds(300)))
        let heard = Mutex((bytes: [UInt8](), messages: [Message]()))
        let receiver = HTTPReceiver { bytes in
            let isDone = heard.withLock { heard in
                heard.bytes += bytes
                heard.messages = messages(in: String(decoding: heard.bytes, as: UTF8.self))
                return heard.messages.contains(where: isEnough)
            }
            if isDone { throw Enough() }
        }
        do {
            _ = try await client.receive(request, with: receiver)
        } catch is Enough {}
        return heard.withLock { $0.messages }
    }

    /// The messages that are whole.
    private static func messages(in text: String) -> [Message] {
        // What follows the last empty line is not whole yet.
        text.split(separator: "\n\n", omittingEmptySubsequences: false).dropLast().compactMap { block in
            var (id, event, data) = (nil as Int?, "", "")
            for line in block.split(separator: "\n") {
                if line.hasPrefix("id: ") { id = Int(line.dropFirst(4)) }
                if line.hasPrefix("event: ") { event = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") { data += line.dropFirst(6) }
            }
            return event.isEmpty ? nil : Message(id: id, event: event, data: data)
        }
    }
}

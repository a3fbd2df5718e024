import Domain
import FoundationEssentials
import Glibc
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("The program delivers events", .timeLimit(.minutes(5)))
struct WebhookTests {
    private struct Named: Decodable {
        let id: String
        let secret: String?
    }
    private struct Secret: Decodable { let secret: String }
    private struct Delivery: Decodable {
        struct Attempt: Decodable { let error: String? }
        let status: String
        let last_attempt: Attempt?
    }
    private struct Log: Decodable { let items: [Delivery] }

    /// A receiver that hands requests on as they come.
    private final class Receiver: Sendable {
        let requests: AsyncStream<ScriptedServer.Request>
        private let server: ScriptedServer

        init(_ reply: @escaping @Sendable (_ number: Int) -> ScriptedServer.Reply) {
            let (requests, tell) = AsyncStream<ScriptedServer.Request>.makeStream()
            self.requests = requests
            let count = Count()
            server = ScriptedServer { request in
                tell.yield(request)
                return reply(count.next())
            }
        }

        var address: String { server.address }

        func next() async throws -> ScriptedServer.Request {
            try #require(await requests.first { _ in true })
        }
    }

    private final class Count: Sendable {
        private let count = Mutex(0)
        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    private func decoded<Value: Decodable>(_ answer: HTTPResponse) throws -> Value {
        try #require(answer.isSuccess, "\(String(decoding: answer.body, as: UTF8.self))")
        return try JSONDecoder().decode(Value.self, from: Data(answer.body))
    }

    private func post(_ address: String, _ json: String? = nil) async throws -> HTTPResponse {
        try await Web.call(address, method: "POST", json: json)
    }

    /// Checks a signature as a receiver does.
    private func expectSigned(_ request: ScriptedServer.Request, by secret: String) throws {
        let bytes = Data(base64Encoded: String(secret.dropFirst(WebhookSecret.prefix.count))).map {
            Array($0)
        }
        let key = SecretBytes(try #require(bytes))
        let id = try #require(request.header("webhook-id"))
        let seconds = try #require(request.header("webhook-timestamp").flatMap { Int64($0) })
        let tag = HMACSHA256.tag(
            of: WebhookSignature.content(of: id, at: seconds, body: request.body), key: key)
        #expect(request.header("webhook-signature") == WebhookSignature.field([tag]))
    }

    private func order(_ options: String, at address: String) async throws -> String {
        let task = try await Web.order(
            #"{"url":"https://a.example/talk.mp4"}"#, options: options, at: address)
        _ = try await post("\(address)/api/v1/tasks/\(task)/cancel")
        return task
    }

    private func end(_ running: RunningCutroom, _ number: Int32 = SIGTERM) async throws {
        running.signal(number)
        _ = try await running.end()
    }

    @Test("C58: the end of a task is told to its own address and to webhooks, without accounts and workers")
    func delivers() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment["CUTROOM_ALLOW_ADDRESSES"] = "127.0.0.1"
            let (own, all) = (Receiver { _ in .answer(status: 204) }, Receiver { _ in .answer() })
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            let key = cutroom.data + "/secret.key"
            #expect(access(key, F_OK) != 0, "the key is made though nothing needs it")
            let webhook: Named = try decoded(
                await post(address + "/api/v1/webhooks", #"{"url":"\#(all.address)/hook"}"#))
            #expect(access(key, F_OK) == 0)
            let task = try await order(#"{"notify_url":"\#(own.address)/done?x=1"}"#, at: address)

            let request = try await own.next()
            #expect(request.method == "POST" && request.target == "/done?x=1")
            #expect(request.text.contains(#""type":"task.cancelled""#) && request.text.contains(task))
            let secret: Secret = try decoded(await post(address + "/api/v1/notify-secret"))
            try expectSigned(request, by: secret.secret)
            try expectSigned(try await all.next(), by: try #require(webhook.secret))
            try await end(running)
        }
    }

    @Test("addresses of inside networks are not delivered to, which the log of deliveries tells")
    func inside() async throws {
        try await Cutroom.use { cutroom in
            let receiver = ScriptedServer { _ in .answer() }
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            let task = try await order(#"{"notify_url":"\#(receiver.address)"}"#, at: address)
            try await running.complains(of: "job snoozed")
            let log: Log = try decoded(await Web.get("\(address)/api/v1/tasks/\(task)/notifications"))
            #expect(log.items.first?.status == "pending")
            #expect(log.items.first?.last_attempt?.error?.contains("this machine") == true)
            #expect(receiver.requests.isEmpty)
            try await end(running)
        }
    }

    @Test(
        "X12: what a killed process had still to deliver is delivered by the next one",
        .enabled(if: Slow.enabled))
    func killed() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment["CUTROOM_ALLOW_ADDRESSES"] = "127.0.0.1"
            let receiver = Receiver { number in number == 1 ? .answer(status: 500) : .answer() }
            var running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            _ = try await order(
                #"{"notify_url":"\#(receiver.address)"}"#, at: try await running.address())
            let first = try await receiver.next()
            try await end(running, SIGKILL)
            running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            _ = try await running.address()
            let second = try await receiver.next()
            #expect(second.header("webhook-id") == first.header("webhook-id") && second.body == first.body)
            try await end(running)
        }
    }
}

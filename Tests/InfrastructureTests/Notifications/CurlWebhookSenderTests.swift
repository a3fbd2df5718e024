import Application
import Domain
import Infrastructure
import TestSupport
import Testing

@Suite("Sending events")
struct CurlWebhookSenderTests {
    private static let loopback = AddressPolicy(allowed: [AddressRange("127.0.0.1")!])

    private func send(
        _ address: String, policy: AddressPolicy = Self.loopback, deadline: Duration = .seconds(10)
    ) async throws -> WebhookReply {
        try await CurlWebhookSender(policy: policy, deadline: deadline).send(
            WebhookMessage(
                address: WebhookAddress(stored: address),
                fields: ["webhook-id": "1", "webhook-timestamp": "2", "webhook-signature": "v1,x v1,y"],
                body: Array(#"{"a":1}"#.utf8)))
    }

    @Test("A18: a delivery is a POST of JSON with the fields of the standard, and its answer is kept")
    func exchange() async throws {
        let server = ScriptedServer { _ in
            .answer(status: 202, headers: [("Retry-After", "17")], body: Array("thanks".utf8))
        }
        let reply = try await send(server.address + "/hook?x=1")
        #expect(reply == .answered(status: 202, body: Array("thanks".utf8), retryAfter: .seconds(17)))
        let request = try #require(server.requests.first)
        #expect(request.method == "POST" && request.target == "/hook?x=1")
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("webhook-id") == "1" && request.header("webhook-timestamp") == "2")
        #expect(request.header("webhook-signature") == "v1,x v1,y")
        #expect(request.header("authorization") == nil && request.text == #"{"a":1}"#)
    }

    @Test("redirects are not followed")
    func redirects() async throws {
        let other = ScriptedServer { _ in .answer() }
        let server = ScriptedServer { _ in .redirect(to: other.address) }
        guard case .answered(302, _, _) = try await send(server.address) else {
            Issue.record("it went on")
            return
        }
        #expect(other.requests.isEmpty)
    }

    @Test("of an answer without end the first 4 KiB are kept")
    func bound() async throws {
        let server = ScriptedServer { _ in .endless() }
        let reply = try await send(server.address)
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: WebhookReply.bodyLimit)
        #expect(reply == .answered(status: 200, body: bytes, retryAfter: nil))
    }

    @Test("a status counts though the rest of the answer breaks off")
    func brokenOff() async throws {
        let server = ScriptedServer { _ in .cutOff(status: 201, body: [65], length: 5) }
        #expect(try await send(server.address) == .answered(status: 201, body: [65], retryAfter: nil))
    }

    @Test("addresses of inside networks are refused when connecting, under any name")
    func inside() async throws {
        let server = ScriptedServer { _ in .answer() }
        for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
            guard
                case .unreachable(let reason) = try await send(
                    "http://\(host):\(server.port)/", policy: AddressPolicy())
            else {
                Issue.record("\(host) was reached")
                continue
            }
            #expect(!reason.isEmpty)
        }
        #expect(server.requests.isEmpty)
    }

    @Test("who is silent, hangs up or is not there is not reached")
    func silence() async throws {
        let replies: [ScriptedServer.Reply] = [.silence, .hangUp]
        for reply in replies {
            let server = ScriptedServer { _ in reply }
            guard case .unreachable = try await send(server.address, deadline: .milliseconds(200)) else {
                Issue.record("\(reply) counts as an answer")
                continue
            }
        }
        guard case .unreachable = try await send("http://127.0.0.1:1/") else {
            Issue.record("somebody was there")
            return
        }
    }
}

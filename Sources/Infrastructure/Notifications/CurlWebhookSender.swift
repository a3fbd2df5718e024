package import Application
package import Domain
import Synchronization

/// Delivers events by libcurl, to no address that sources may not come from either.
///
/// Each connection is checked when it is opened or used again, and redirects are not followed.
package struct CurlWebhookSender: WebhookSender {
    /// How long one attempt may take, from the look-up of the name to the last byte.
    package static let deadline = Duration.seconds(15)

    private let client: HTTPClient
    private let policy: AddressPolicy
    private let deadline: Duration

    /// A sender that connects to what the policy allows.
    package init(
        policy: AddressPolicy, client: HTTPClient = HTTPClient(), deadline: Duration = Self.deadline
    ) {
        self.client = client
        self.policy = policy
        self.deadline = deadline
    }

    package func send(_ message: WebhookMessage) async throws(PortError) -> WebhookReply {
        var request = HTTPRequest(
            message.address.text, method: "POST",
            headers: message.fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            body: .bytes(message.body, type: "application/json"), destination: .stranger(policy),
            deadlines: HTTPRequest.Deadlines(total: deadline))
        request.followsRedirects = false
        let answer = Answer()
        do {
            _ = try await client.receive(
                request,
                with: HTTPReceiver(accept: { answer.begin($0) }, receive: { try answer.append($0) }))
        } catch is Answer.Enough {
            // What else it has to say does not matter.
        } catch PortError.cancelled {
            throw .cancelled
        } catch let error as any CodedError {
            return answer.reply ?? .unreachable(error.explanation)
        } catch PortError.unavailable(let reason, _) {
            // A status counts as soon as it is there, however the rest breaks off.
            return answer.reply ?? .unreachable(reason)
        } catch {
            return answer.reply ?? .unreachable("\(error)")
        }
        return answer.reply ?? .unreachable("The answer had no head.")
    }
}

/// An answer as it arrives: its head and the first bytes of its body.
private final class Answer: Sendable {
    /// As much of the body has come as is kept.
    struct Enough: Error {}

    private struct State {
        var head: HTTPResponse?
        var body: [UInt8] = []
    }
    private let state = Mutex(State())

    func begin(_ head: HTTPResponse) -> Bool {
        state.withLock { $0.head = head }
        return true
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        let isFull = state.withLock { state in
            let room = WebhookReply.bodyLimit - state.body.count
            state.body.append(contentsOf: bytes.prefix(room))
            return bytes.count > room
        }
        if isFull { throw Enough() }
    }

    var reply: WebhookReply? {
        state.withLock { state in
            state.head.map {
                .answered(status: $0.status, body: state.body, retryAfter: $0.retryAfter)
            }
        }
    }
}

import Presentation
import Synchronization
import Testing

@Suite("Observers of requests")
struct ObserverTests {
    private struct Unexpected: Error {}

    private final class Listener: RequestObserver {
        let heard = Mutex<[(status: Int, failure: (any Error)?)]>([])

        func answered(
            _ exchange: Exchange, _ response: HTTPResponse, failure: (any Error)?, after duration: Duration
        ) {
            heard.withLock { $0.append((response.status.code, failure)) }
        }
    }

    @Test("they are told what was thrown, which the answer does not say")
    func failure() async throws {
        let listener = Listener()
        let operation = Presentation.Operation(
            "o", tag: "test", "o", responses: [ResponseDeclaration(.ok, "Fine.", [])])
        let service = Service(
            routes: [
                Route(.get, "/works", for: .open, operation) { _, _ in HTTPResponse(.ok, text: "") },
                Route(.get, "/fails", for: .open, operation) { _, _ in throw Unexpected() },
            ], observers: [listener], problem: { _ in Problem(.internalError, "No reason is given.") })
        for path in ["/works", "/fails"] {
            _ = await service.handle(
                HTTPRequest("GET", path: path, query: nil, fields: [:], body: RequestBody([])))
        }
        let heard = listener.heard.withLock { $0 }
        #expect(heard.map(\.status) == [200, 500])
        #expect(heard[0].failure == nil)
        #expect(heard[1].failure is Unexpected)
    }
}

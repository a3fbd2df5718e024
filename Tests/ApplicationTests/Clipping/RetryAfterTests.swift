import Application
import Domain
import TestSupport
import Testing

@Suite("What another server may ask for")
struct RetryAfterTests {
    private let workshop = Workshop()

    @Test(
        "a pause without end is cut to one within which the tries are over",
        arguments: [Duration.seconds(31_536_000), .seconds(99_999_999_999_999_999), .seconds(Int64.max)])
    func bounded(pause: Duration) async throws {
        workshop.studio.change { $0.transcribing = PortError.unavailable("503", retryAfter: pause) }
        let task = try await workshop.order()
        let now = workshop.clock.now()
        guard case .failed(_, .at(let next)) = try await workshop.attempt() else {
            Issue.record("it was not to be tried again")
            return
        }
        #expect(next - now == .seconds(600))
        #expect(try workshop.details(task).task.message.contains("trying again in 600 s"))
    }
}

import Application
import Domain
import Testing

@Suite("Carrying mail")
struct CourierTests {
    private let registry = Registry()

    /// Signs someone up, whose mail the courier tries until `body` returns.
    private func carrying(_ body: () async throws -> Void) async throws {
        try await registry.join("Ada")
        let running = Task { await registry.courier.run() }
        try await body()
        registry.courier.close()
        await running.value
    }

    /// Returns once so many of these lines are in the log.
    private func logged(_ event: String, times: Int) async {
        while registry.log.events.count(where: { $0 == event }) < times { await Task.yield() }
    }

    @Test("a server that is away for a moment is asked again, and the message arrives once")
    func again() async throws {
        registry.mailer.fail(with: .unavailable("come again later"))
        try await carrying {
            await logged("mail delayed", times: 1)
            registry.mailer.fail(with: nil)
            registry.clock.advance(by: .seconds(60))
            while registry.mailer.mails.isEmpty { await Task.yield() }
        }
        #expect(registry.mailer.mails.count == 1)
        #expect(registry.log.events == ["mail delayed"])
        #expect(registry.courier.undelivered == 0)
    }

    @Test("after four tries in vain a message is given up")
    func inVain() async throws {
        registry.mailer.fail(with: .unavailable("never"))
        try await carrying {
            for (tries, pause) in [60, 300, 900].enumerated() {
                await logged("mail delayed", times: tries + 1)
                registry.clock.advance(by: .seconds(pause))
            }
            await logged("mail not sent", times: 1)
        }
        #expect(registry.log.events == Array(repeating: "mail delayed", count: 3) + ["mail not sent"])
    }

    @Test("what a server refuses for good is given up at once, told of and counted")
    func refused() async throws {
        registry.mailer.refuse(because: "550 unknown")
        try await carrying { await logged("mail not sent", times: 1) }
        #expect(registry.log.events == ["mail not sent"])
        #expect(registry.courier.undelivered == 1)
    }

    @Test("what no server could deliver is not tried again")
    func hopeless() async throws {
        registry.mailer.fail(with: .corrupt("no such address"))
        try await carrying { await logged("mail not sent", times: 1) }
        #expect(registry.log.events == ["mail not sent"])
    }
}
